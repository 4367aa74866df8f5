// SPDX-License-Identifier: MIT
import type { Board } from '../inventory/board.ts';
import { targetPaths } from '../link/target-paths.ts';
import { loadedDriver, loadModule, unloadModule } from '../state/driver.ts';
import { awaitAnnouncement, startFirmware } from '../state/firmware.ts';
import type { Driver } from '../../host/build/module-info.ts';
import { stopCoprocessor } from '../state/coprocessor.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { Connection } from '../ssh/connection.ts';
import { checkKernel } from './check-kernel.ts';
import { refuseOtherDriver } from './other-driver.ts';
import { recover, runningNow } from './recover.ts';
import { commit, differing, putBack, settle, stage, type Delivery } from './stage.ts';

/** The files that make a board ready, on this host. */
export interface Deliverables {
  readonly driver: Driver;
  readonly firmware: string;
  readonly agent: string;
}

/**
 * Makes a board ready: our driver loaded, our firmware running, /dev/rpmsg_sdb there. It is a transaction. All that
 * can be checked beforehand is checked before anything is changed. If the new files do not work, the old ones are put
 * back and run.
 */
export async function deploy(
  c: Connection,
  board: Board,
  files: Deliverables,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  await log.step('check the kernel', async () => {
    await checkKernel(c, board, files.driver);
    await refuseOtherDriver(c, board);
  });
  const fresh = await log.step('upload', async () => {
    const missing = await differing(c, deliveriesOf(files));
    await stage(c, board, missing, signal);
    return missing;
  });
  const before = await runningNow(c, board);
  try {
    await commit(c, fresh);
    await log.step('load the driver', async () => {
      const newFirmware = fresh.some(({ remote }) => remote === targetPaths.firmware);
      const isLoaded = (await loadedDriver(c)) !== undefined;
      // What runs was read at its start. So a new file needs a new start.
      if (isLoaded || newFirmware) await stopCoprocessor(c, board);
      if (isLoaded) await unloadModule(c, board);
      await loadModule(c, board, targetPaths.module, files.driver.srcversion);
    });
    await log.step('start the coprocessor', async () => {
      await startFirmware(c, board);
      await awaitAnnouncement(c, board);
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure) || c.lost.aborted) throw error;
    const outcome = await log.step('put the old driver back', async () => {
      await putBack(c, fresh);
      return recover(c, board, before);
    });
    throw error.retold({ message: `${error.message}\n${outcome}` });
  }
  await settle(c, fresh);
}

function deliveriesOf({ driver, firmware, agent }: Deliverables): Delivery[] {
  return [
    { local: driver.path, remote: targetPaths.module, mode: 0o644 },
    { local: firmware, remote: targetPaths.firmware, mode: 0o644 },
    { local: agent, remote: targetPaths.agent, mode: 0o755 },
  ];
}
