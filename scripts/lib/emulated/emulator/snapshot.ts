// SPDX-License-Identifier: MIT
/** The state of a board that has just booted, so that it boots once and not at every start. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cached } from '../../host/cache/cached.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { execOk } from '../../board/ssh/exec.ts';
import { programWords } from './machine.ts';
import type { Monitor } from './monitor.ts';
import type { BoardParts } from './parts.ts';
import { instanceFiles } from './attached.ts';
import { qemuArguments } from './qemu-arguments.ts';
import { QemuProcess } from './qemu-process.ts';
import { reach } from './reach.ts';

/** A board boots in 5 to 20 s, with all detectors in a minute; a host with many at once is slower. */
export const bootLimitMs = 600_000;
const file = 'state';

export interface Snapshot {
  readonly directory: string;
  readonly state: string;
  /** what the console said before */
  readonly console: string;
}

/** What a snapshot of this board depends on: all that it is made of. */
export function snapshotInputs({ boot }: BoardParts): string[] {
  return ['2', boot.machine.version, ...programWords(boot.machine), ...qemuArguments(boot, 0)];
}

/** directory gets the console when the board does not boot. */
export async function bootSnapshot(parts: BoardParts, directory: string, log: Log): Promise<Snapshot> {
  const build = (dir: string): Promise<void> =>
    log.step('booting the emulated board for the first time', () => take(parts, dir, directory));
  const dir = await cached('snapshot', snapshotInputs(parts), build, log);
  return { directory: dir, state: join(dir, file), console: join(dir, instanceFiles.console) };
}

const goodFile = 'restored';

/** Whether a board has started from it before. */
export function isGood({ directory }: Snapshot): boolean {
  return existsSync(join(directory, goodFile));
}

/** A cache that may only be read is no reason not to start. */
export async function noteGood({ directory }: Snapshot): Promise<void> {
  await writeFile(join(directory, goodFile), '').catch(() => undefined);
}

async function take(parts: BoardParts, dir: string, keep: string): Promise<void> {
  const work = join(dir, 'work');
  const qemu = await QemuProcess.start({ boot: parts.boot, directory: work });
  try {
    const connection = await reach(qemu, parts.keys, bootLimitMs);
    // Brings the board to rest: no kernel worker is busy with work of the boot, and the page cache is empty.
    await execOk(connection, 'sync; sleep 1; echo 3 >/proc/sys/vm/drop_caches');
    connection.close();
    await sleep(300);
    const monitor = await qemu.monitor();
    await monitor.execute('stop');
    await monitor.execute('migrate-set-parameters', { 'max-bandwidth': 1 << 30 });
    // Relative to QEMU's working directory, so that no path has to be quoted for its shell.
    await monitor.execute('migrate', { uri: `exec:cat >${file}` });
    await migrated(monitor);
    monitor.close();
    await qemu.stop();
    for (const name of [file, instanceFiles.console]) await rename(join(work, name), join(dir, name));
  } catch (error) {
    await qemu.stop();
    await mkdir(keep, { recursive: true });
    const log = join(keep, instanceFiles.console);
    await copyFile(join(work, instanceFiles.console), log).catch(() => undefined);
    throw error instanceof Failure ? error.retold({ log }) : error;
  }
  await rm(work, { recursive: true });
}

async function migrated(monitor: Monitor): Promise<void> {
  for (;;) {
    const { status, ...rest } = (await monitor.execute('query-migrate')) as { status: string };
    if (status === 'completed') return;
    if (status === 'failed') throw new Error(`QEMU cannot save its state: ${JSON.stringify(rest)}`);
    await sleep(20);
  }
}
