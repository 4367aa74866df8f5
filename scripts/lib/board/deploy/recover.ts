// SPDX-License-Identifier: MIT
import type { Board } from '../inventory/board.ts';
import { targetPaths } from '../link/target-paths.ts';
import { loadedDriver, unloadModule } from '../state/driver.ts';
import { coprocessorState, startCoprocessor, stopCoprocessor } from '../state/coprocessor.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from '../ssh/connection.ts';
import { execOk } from '../ssh/exec.ts';

/** What ran on a board before it was touched. */
export interface Running {
  /** srcversion of the driver, undefined when none was loaded */
  readonly driver: string | undefined;
  /** name of the firmware, undefined when the coprocessor was off */
  readonly firmware: string | undefined;
}

export async function runningNow(c: Connection, board: Board): Promise<Running> {
  const [{ state, firmware }, driver] = await Promise.all([coprocessorState(c, board), loadedDriver(c)]);
  return { driver, firmware: state === 'running' ? firmware : undefined };
}

/** Brings back what ran, from the files that are in their old places again. Says how that went, and does not throw. */
export async function recover(c: Connection, board: Board, before: Running): Promise<string> {
  try {
    // The firmware that runs now may have been read from a file that is gone.
    await stopCoprocessor(c, board);
    const loaded = await loadedDriver(c);
    if (loaded !== undefined && loaded !== before.driver) await unloadModule(c, board);
    if (before.driver !== undefined && loaded !== before.driver) {
      // The old driver came from our file, or from the board's own modules.
      await execOk(c, `insmod ${quote(targetPaths.module)} || modprobe rpmsg_sdb`, { timeoutMs: 30_000 });
    }
    if (before.firmware !== undefined) await startCoprocessor(c, board, before.firmware);
    const now = await runningNow(c, board);
    if (now.driver !== before.driver) throw new Error(`the driver that is loaded now is ${now.driver ?? 'none'}`);
  } catch (error) {
    return `what was there before could not be put back: ${(error as Error).message}`;
  }
  const driver =
    before.driver === undefined ? 'no driver is loaded, as before' : `driver ${before.driver} is loaded again`;
  const firmware = before.firmware === undefined ? 'the coprocessor is off' : `firmware ${before.firmware} runs again`;
  return `the files are as they were, ${driver}, ${firmware}`;
}
