// SPDX-License-Identifier: MIT
// The module is loaded and unloaded. It cannot be unloaded while anything of it is in use.
import { attack } from '../../scripts/lib/board/agent/attack.ts';
import { device } from '../../scripts/lib/board/agent/abi-v1.ts';
import { MAP_SHARED, O_RDWR } from '../../scripts/lib/board/agent/constants.ts';
import { SystemCallError } from '../../scripts/lib/board/agent/errors.ts';
import { isSoak } from '../../scripts/lib/base/record/soak.ts';
import { awaitNoUsers } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import { driverModule } from './fixture/driver-module.ts';
import { fails } from './fixture/errno.ts';
import { rounds } from './fixture/rounds.ts';
import { anySeed } from './fixture/seed.ts';
import { Session } from './fixture/session.ts';

// holds: abi#retired-holds-module
boardTest('rmmod is refused for an open file, a mapping, and memory that the coprocessor may write to', async (s) => {
  const { t, agent, board, remoteproc } = s;
  const module = await driverModule(board.observer);
  const session = await Session.open(agent);
  await fails(t, 'EAGAIN', module.unload());
  const mapping = await session.map(4096, { flags: MAP_SHARED });
  await session.close();
  await fails(t, 'EAGAIN', module.unload());
  await mapping.unmap();
  t.like(await board.memory(), { retiredBuffers: 1 });
  await fails(t, 'EAGAIN', module.unload());
  await remoteproc.stop();
  await awaitNoUsers(board);
  await module.unload();
  t.false(await board.isThere('/sys/module/rpmsg_sdb'));
  await board.observer.call(module.load);
});

boardTest('a mapping that outlives the coprocessor still holds the module, and reads on', async (s) => {
  const { t, agent, board, remoteproc } = s;
  const module = await driverModule(board.observer);
  const session = await Session.open(agent);
  const mapping = await session.map(4096, { flags: MAP_SHARED });
  await mapping.poke(0, Buffer.from('still'));
  await session.close();
  await remoteproc.stop();
  await fails(t, 'EAGAIN', module.unload());
  t.is((await mapping.peek(0, 5)).toString(), 'still');
});

boardTest(
  'unloaded and loaded while the coprocessor runs: the device goes and comes, and works',
  async (s) => {
    const { t, agent, board, coprocessor } = s;
    const module = await driverModule(board.observer);
    for (let round = 0; round < rounds(2, 1000); round++) {
      await awaitNoUsers(board);
      await module.unload();
      t.false(await board.isThere(device));
      await board.observer.call(module.load);
      await board.waitReady();
      const session = await Session.open(agent);
      await session.map(4096);
      await coprocessor.fill(0, 4096, round);
      t.is(await session.size(0), 4096);
      await session.end();
      await board.renew();
    }
  },
  { timeout: 60_000 },
);

boardTest(
  'rmmod again and again while programs open, map and close: it is refused, or it is clean',
  async (s) => {
    const { t, agent, board, remoteproc } = s;
    const module = await driverModule(board.observer);
    const over = new AbortController();
    let removed = 0,
      refused = 0;
    const attacked = attack(agent, anySeed(), rounds(800, 600_000)).finally(() => over.abort());
    while (!over.signal.aborted) {
      try {
        await module.unload();
        removed++;
        await board.observer.call(module.load);
      } catch (error) {
        if (!(error instanceof SystemCallError) || error.errno !== 'EAGAIN') throw error;
        // Memory that the coprocessor knows would keep the module loaded for good.
        if (++refused % 4 === 0) {
          await remoteproc.stop();
          await remoteproc.start();
        }
      }
    }
    t.log(JSON.stringify({ ...(await attacked), removed, refused }));
    // In one second the device may never have been open when the module was to go.
    t.true(isSoak() ? refused > 0 && removed > 0 : refused + removed > 0);
    await board.waitReady();
    await agent.close(await agent.open(device, O_RDWR));
  },
  { timeout: 60_000, allCores: true },
);
