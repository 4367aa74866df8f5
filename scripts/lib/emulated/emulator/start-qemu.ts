// SPDX-License-Identifier: MIT
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { discard } from '../../host/cache/cached.ts';
import type { Log } from '../../base/log/log.ts';
import { execOk } from '../../board/ssh/exec.ts';
import type { BoardParts } from './parts.ts';
import { instanceFiles } from './attached.ts';
import { isRunning } from './process-identity.ts';
import { QemuProcess, type QemuStart } from './qemu-process.ts';
import { reach } from './reach.ts';
import { bootLimitMs, bootSnapshot, isGood, noteGood, type Snapshot } from './snapshot.ts';

/** A restored board answers within a second or two. On a host that has much to do, it may take as many minutes. */
const restoreLimitMs = 120_000;

interface StartOptions extends Pick<QemuStart, 'plugin'> {
  /** how long a restored board may take to answer */
  readonly restoreWithinMs?: number;
}

/** Starts QEMU with a board that answers over SSH. It starts from the snapshot, or boots where that does not work. */
export async function startQemu(parts: BoardParts, directory: string, o: StartOptions, log: Log): Promise<QemuProcess> {
  const snapshot = await bootSnapshot(parts, directory, log);
  const board = { isLate: false };
  try {
    const qemu = await restore(parts, snapshot, directory, o, () => (board.isLate = true));
    await noteGood(snapshot);
    return qemu;
  } catch (error) {
    log.warn(`the board does not start from its snapshot: ${(error as Error).message}`);
  }
  const qemu = await log.step('booting the emulated board without its snapshot', () => coldBoot(parts, directory, o));
  // Without the snapshot the same board starts. So the snapshot was to blame, unless it has been good before and the
  // board was only late.
  if (!board.isLate || !isGood(snapshot)) await discard(snapshot.directory);
  return qemu;
}

/**
 * Starts from the snapshot. whenLate is called if QEMU has taken the snapshot, but the board does not answer in time.
 */
export async function restore(
  parts: BoardParts,
  snapshot: Snapshot,
  directory: string,
  { restoreWithinMs = restoreLimitMs, ...plugin }: StartOptions = {},
  whenLate: () => void = () => undefined,
): Promise<QemuProcess> {
  await copyFile(snapshot.console, join(directory, instanceFiles.console));
  const qemu = await QemuProcess.start({ boot: parts.boot, directory, snapshot: snapshot.state, ...plugin });
  try {
    const monitor = await qemu.monitor();
    while (((await monitor.execute('query-status')) as { status: string }).status === 'inmigrate') await sleep(10);
    await monitor.execute('cont');
    monitor.close();
    const connection = await reach(qemu, parts.keys, restoreWithinMs);
    // The board's clock stood still since the snapshot was taken.
    await execOk(connection, `date -s @${Math.round(Date.now() / 1000)} >/dev/null`);
    connection.close();
    return qemu;
  } catch (error) {
    if (isRunning(qemu.identity)) whenLate();
    await qemu.stop();
    throw error;
  }
}

/** Starts without a snapshot. */
export async function coldBoot(
  parts: BoardParts,
  directory: string,
  { plugin }: StartOptions = {},
): Promise<QemuProcess> {
  await rm(join(directory, instanceFiles.console), { force: true });
  const qemu = await QemuProcess.start({ boot: parts.boot, directory, ...(plugin === undefined ? {} : { plugin }) });
  try {
    (await reach(qemu, parts.keys, bootLimitMs)).close();
    return qemu;
  } catch (error) {
    await qemu.stop();
    throw error;
  }
}
