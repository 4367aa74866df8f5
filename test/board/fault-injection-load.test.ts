// SPDX-License-Identifier: MIT
/**
 * The driver is loaded, and finds its channel, while each allocation in turn fails. Either it works without that
 * memory, or it leaves nothing behind and works the next time.
 */
import { device } from '../../scripts/lib/board/agent/abi-v1.ts';
import { failNth, letEverythingFail } from '../../scripts/lib/board/agent/fault-injection.ts';
import { logEnd, logSince } from '../../scripts/lib/board/agent/kernel-log.ts';
import { awaitNoUsers } from './fixture/awaited.ts';
import { boardTest } from './fixture/board-test.ts';
import type { TestBoard } from './fixture/board.ts';
import { driverModule } from './fixture/driver-module.ts';

/** No call has so many places to fail. */
const never = 1_000_000;
/** Other things are allocated meanwhile, a little differently each time. So one pass may leave out a place. */
const passes = 3;
/** If it takes more tries than this, something has run away. */
const triesMax = 400;

/** EINVAL is among them: the driver core returns it for a device whose name it had no memory for. */
const errnos = ['ENOMEM', 'EFAULT', 'EINVAL'];

const driver = '/sys/bus/rpmsg/drivers/rpmsg_sdb';

boardTest(
  'finding a channel: whatever fails in it, it leaves nothing behind and finds it the next time',
  async ({ t, agent, board }) => {
    await letEverythingFail(board.observer);
    const channel = (await agent.list(driver)).find((name) => name.includes('rpmsg-sdb-channel')) ?? '';
    await agent.writeFile(`${driver}/unbind`, channel);
    for (let nth = 1, pass = 1; ; nth++) {
      t.true(nth < triesMax, 'it never ran without a failure');
      const { injected, errno } = await failNth(agent, nth, `write-file ${driver}/bind ${channel}`);
      t.true(errno === undefined || injected, `place ${String(nth)}: ${String(errno)} although nothing failed`);
      t.true(errno === undefined || errnos.includes(errno), `place ${String(nth)}: ${String(errno)}`);
      if (injected) t.log(`place ${String(nth)}: ${errno ?? 'did without'}`);
      if (errno !== undefined) await agent.writeFile(`${driver}/bind`, channel);
      t.true(await board.isThere(device), `place ${String(nth)}: there is a device`);
      if (!injected) {
        if (pass++ === passes) break;
        nth = 0;
      }
      await agent.writeFile(`${driver}/unbind`, channel);
    }
  },
  { needs: ['fault-injection'], timeout: 300_000 },
);

/**
 * Whose code the last failure was in. The stack in the log tells. It is unknown where a caller has forbidden that its
 * failures are logged.
 */
async function whoFailed(board: TestBoard, from: number): Promise<'module' | 'loader' | 'unknown'> {
  const texts = (await logSince(board.observer, from)).map(({ text }) => text);
  const inStack = (name: string): boolean => texts.some((text) => text.includes(name));
  if (inStack('do_one_initcall')) return 'module';
  // Before the module's own code runs, do_init_module registers the module's coverage counters. A failure there is the
  // loader's.
  const isLoader = inStack('load_module') && (!inStack('do_init_module') || inStack('__gcov_init'));
  return isLoader ? 'loader' : 'unknown';
}

boardTest(
  'loading the driver: whatever fails in it, it can be unloaded and loaded again',
  async ({ t, agent, board, remoteproc }) => {
    await letEverythingFail(board.observer);
    // There is no channel here. Finding one has a test of its own.
    await remoteproc.stop();
    await awaitNoUsers(board);
    const module = await driverModule(agent);
    await module.unload();
    try {
      const { left } = await failNth(agent, never, module.load);
      // The tries go from the end backwards. They go through the module's own code, up to where the kernel prepares it.
      // Linux 6.1 for ARM crashes when memory fails there (module_finalize). That is not the driver's fault.
      for (let nth = never - left; nth > 0; nth--) {
        t.true(never - left - nth < triesMax, 'it never came to the start of the module');
        await module.unload();
        const from = await logEnd(board.observer);
        const { injected, errno } = await failNth(agent, nth, module.load);
        if (errno === undefined) t.log(`place ${String(nth)}: did without`);
        else t.is(errno, 'ENOMEM', `place ${String(nth)}`);
        if (errno !== undefined) await agent.call(module.load);
        if (injected && (await whoFailed(board, from)) === 'loader') break;
      }
      // The loader's last failure may have cost the module its coverage counters.
      await module.unload();
      await agent.call(module.load);
    } finally {
      if (!(await board.isThere('/sys/module/rpmsg_sdb'))) await agent.call(module.load);
    }
    await board.renew();
    t.true(await board.isThere(device), 'with nothing failing there is a device');
  },
  { needs: ['fault-injection'], timeout: 300_000 },
);
