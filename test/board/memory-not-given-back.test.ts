// SPDX-License-Identifier: MIT
// Linux does not get memory back that the coprocessor was told of, while the coprocessor runs.
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE, SIGKILL } from '../../scripts/lib/board/agent/constants.ts';
import { CACHED, RecordFile } from '../../scripts/lib/board/agent/abi-v2.ts';
import { awaitMemory, awaitNoUsers } from './fixture/awaited.ts';
import { bootCoprocessor } from './fixture/boot-loader.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { rounds } from './fixture/rounds.ts';
import { Session, setUpBuffers } from './fixture/session.ts';

const MiB = 1 << 20;

/**
 * How much memory is taken. It is enough to get what was freed last, because Linux gives that out first. With --soak it
 * is nearly all that is free. That has CMA's memory in it, which Linux gives out last.
 */
const hunger = rounds(48, 320) * MiB;

/** Takes memory, and fails if anything writes into it while the firmware scribbles. */
async function canariesLive({ t, board }: Scenario): Promise<void> {
  const canary = await board.newAgent();
  for (let round = 0; round < rounds(1, 100); round++) {
    const address = await canary.mmap(hunger, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    await canary.set(address, hunger, 0xc5);
    t.is(await canary.countDifferent(address, hunger, 0xc5), 0);
    await canary.munmap(address, hunger);
  }
}

// holds: abi#close-drops, abi#munmap-keeps-buffer, abi#memory-goes-back, abi#memory-buffers, abi#memory-retired
boardTest('close retires buffers and frees none; a stop frees them all', async ({ t, agent, remoteproc, board }) => {
  const session = await Session.open(agent);
  const buffers = await setUpBuffers(session, 3, MiB);
  t.like(await board.memory(), { buffers: 3, bytes: 3 * MiB, retiredBuffers: 0 });
  for (const { mapping } of buffers) await mapping.unmap();
  t.like(await board.memory(), { buffers: 3, retiredBuffers: 0 });
  await session.close();
  t.like(await board.memory(), { buffers: 3, bytes: 3 * MiB, retiredBuffers: 3, retiredBytes: 3 * MiB });
  await remoteproc.stop();
  await awaitNoUsers(board);
});

// holds: abi#mapping-keeps-memory, abi#mapping-keeps-open
boardTest(
  'a mapping that outlives file and coprocessor keeps its memory, and gives it back with munmap',
  async ({ t, agent, remoteproc, board }) => {
    const session = await Session.open(agent);
    const mapping = await session.map(MiB);
    await agent.set(mapping.address, MiB, 0x11);
    await session.close();
    await remoteproc.stop();
    await agent.set(mapping.address, MiB / 2, 0x22);
    t.is(await agent.countDifferent(mapping.address + MiB / 2, MiB / 2, 0x11), 0);
    await mapping.unmap();
    await awaitNoUsers(board);
  },
);

// holds: abi#close-drops, abi#memory-goes-back
boardTest(
  'the firmware writes on to every buffer it ever knew: closed, unmapped, killed',
  async (s) => {
    const { t, agent, coprocessor, board } = s;
    const session = await Session.open(agent);
    await setUpBuffers(session, 4, MiB);
    const victim = await agent.fork('victim');
    await Session.open(victim).then((own) => setUpBuffers(own, 4, MiB));
    // Cached memory is not CMA's. Linux gives it out again sooner.
    const cached = await RecordFile.open(victim);
    for (let i = 0; i < 4; i++) await cached.allocate(MiB, CACHED);
    await coprocessor.request('scribble on');
    await session.end();
    await victim.kill(SIGKILL);
    await victim.wait();
    t.like(await board.memory(), { retiredBuffers: 12 });
    await canariesLive(s);
    await coprocessor.request('scribble off');
  },
  { timeout: 120_000, needs: ['emulated'] },
);

// holds: abi#memory-goes-back
boardTest(
  'a stop gives nothing back before the core is halted, however hungry the board is',
  async ({ t, agent, coprocessor, remoteproc, board }) => {
    for (let round = 0; round < rounds(2, 100); round++) {
      const session = await Session.open(agent);
      await setUpBuffers(session, 6, MiB);
      await coprocessor.request('scribble on');
      await session.end();
      // remoteproc removes the channel before it stops the core. For a while the firmware writes on, and no driver is
      // there to hold its memory.
      const canary = await board.newAgent();
      const address = await canary.mmap(hunger, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
      const filling = canary.set(address, hunger, 0xc5);
      await remoteproc.stop();
      await filling;
      t.is(await canary.countDifferent(address, hunger, 0xc5), 0);
      await canary.munmap(address, hunger);
      await remoteproc.start();
      await board.waitReady();
    }
  },
  { timeout: 120_000, needs: ['emulated'] },
);

// holds: abi#memory-goes-back, abi#memory-device-stays
boardTest(
  'the firmware writes on when its channel is gone: nothing of it reaches Linux',
  async (s) => {
    const { t, agent, coprocessor, board } = s;
    const session = await Session.open(agent);
    await setUpBuffers(session, 4, MiB);
    await coprocessor.request('scribble on');
    await coprocessor.request('channel destroy');
    await session.end();
    await canariesLive(s);
    await coprocessor.request('scribble off');
    await coprocessor.request('channel create');
    await board.waitReady();
    t.like(await board.memory(), { retiredBuffers: 4 });
  },
  { timeout: 120_000, needs: ['emulated'] },
);

boardTest('after a restart nothing of the life before is known or held', async ({ t, agent, coprocessor, board }) => {
  const session = await Session.open(agent);
  await setUpBuffers(session, 2, MiB);
  await session.end();
  await board.renew();
  t.deepEqual(await coprocessor.buffers(), []);
  await awaitMemory(board, { buffers: 0, bytes: 0, retiredBuffers: 0, retiredBytes: 0 });
});

/** Has work run with a coprocessor that Linux found running. Linux can detach from no other kind. */
async function attached({ board, remoteproc }: Scenario, work: () => Promise<void>): Promise<void> {
  const firmware = await remoteproc.firmware();
  await remoteproc.stop();
  await remoteproc.withoutDriver(() => bootCoprocessor(board.observer));
  try {
    await remoteproc.start();
    await board.waitReady();
    await work();
  } finally {
    // A detached coprocessor cannot be stopped.
    if ((await remoteproc.state()) === 'detached') await remoteproc.start();
    await remoteproc.ensureStopped();
    await remoteproc.setFirmware(firmware);
  }
}

// holds: abi#memory-goes-back, abi#retired-serves-again
boardTest(
  'a coprocessor that is detached runs on with its memory; attached again and stopped, it gives it back',
  async (s) => {
    const { t, agent, board, coprocessor, remoteproc } = s;
    await attached(s, async () => {
      t.is(await remoteproc.state(), 'attached');
      const session = await Session.open(agent);
      await setUpBuffers(session, 2, MiB);
      await coprocessor.request('scribble on');
      await remoteproc.detach();
      t.is(await remoteproc.state(), 'detached');
      await session.end();
      t.like(await board.memory(), { buffers: 2, retiredBuffers: 2 });
      await canariesLive(s);

      await remoteproc.start();
      await board.waitReady();
      t.like(await board.memory(), { buffers: 2, retiredBuffers: 2 });
      const again = await Session.open(agent);
      await again.map(MiB);
      await again.end();
      t.like(await board.memory(), { buffers: 2, retiredBuffers: 2 }, 'it found its memory again');
      await remoteproc.stop();
      await awaitNoUsers(board);
    });
  },
  { needs: ['emulated'], timeout: 120_000 },
);
