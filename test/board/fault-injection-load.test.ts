// SPDX-License-Identifier: MIT
/** Loading the driver while one allocation after the other fails: it refuses, or it works, and can be unloaded again. */
import { targetPaths } from '../../scripts/lib/board/target-paths.ts';
import { device } from '../../scripts/lib/agent/abi-v1.ts';
import { O_RDONLY } from '../../scripts/lib/agent/constants.ts';
import { allModules, failNth, onlyUnder } from '../../scripts/lib/agent/fault-injection.ts';
import type { Task } from '../../scripts/lib/agent/task.ts';
import { boardTest } from './fixture/board-test.ts';

/** Loading has a few dozen places to fail; with so many it has run away. */
const placesMax = 400;

/** 32-bit ARM's, which no C library has a function for. */
const finitModule = 379;
const deleteModule = 129;

/** The module's file and the strings that the calls want, in the agent's memory. */
interface Module {
  readonly load: string;
  unload(): Promise<unknown>;
}

async function moduleOf(agent: Task): Promise<Module> {
  const fd = await agent.open(targetPaths.module, O_RDONLY);
  const [noParameters, name] = [await agent.allocate(16), await agent.allocate(16)];
  await agent.poke(name, Buffer.from('rpmsg_sdb\0'));
  return {
    load: `syscall ${[finitModule, fd, noParameters, 0].map(String).join(' ')}`,
    unload: () => agent.call(`syscall ${[deleteModule, name, 0].map(String).join(' ')}`),
  };
}

boardTest(
  'loading the driver: whatever fails in it, it can be unloaded and loaded again',
  async ({ t, agent, board }) => {
    // Its own code has no address before it is loaded.
    await onlyUnder(board.observer, allModules);
    const module = await moduleOf(agent);
    await module.unload();
    try {
      for (let nth = 1; ; nth++) {
        t.true(nth < placesMax, 'it never loaded without a failure');
        const { injected, errno } = await failNth(agent, nth, module.load);
        const isThere = errno === undefined && (await board.isThere(device));
        if (errno === undefined) await module.unload();
        if (injected) t.log(`place ${String(nth)}: ${errno ?? (isThere ? 'did without' : 'loaded, without a device')}`);
        else t.is(errno, undefined);
        t.true(errno === undefined || errno === 'ENOMEM', `place ${String(nth)}: answered ${String(errno)}`);
        if (injected) continue;
        t.true(isThere, 'with nothing failing there is a device');
        break;
      }
    } finally {
      await agent.call(module.load);
    }
  },
  { needs: ['fault-injection'], timeout: 300_000 },
);
