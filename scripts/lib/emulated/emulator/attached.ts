// SPDX-License-Identifier: MIT
/** An emulated board that runs: what a process needs that did not start it. Nothing here knows how one is started. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KernelVersion } from '../../base/target/kernels.ts';
import type { BoardAddress } from '../../board/ssh/address.ts';
import { endProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

/** File names of an instance, in QEMU's working directory: a socket's path may have 107 characters only. */
export const instanceFiles = {
  console: 'console.log',
  monitor: 'qmp.sock',
  log: 'qemu.log',
  board: 'board.json',
} as const;

export interface EmulatedBoard {
  readonly kernel: KernelVersion;
  readonly address: BoardAddress;
  readonly directory: string;
  /** file with everything the serial port said, from the boot on */
  readonly console: string;
  /** file with what QEMU itself has to say */
  readonly log: string;
  stop(): Promise<void>;
  /** QEMU ended, whoever or whatever ended it */
  readonly exited: Promise<void>;
}

/** What a later process needs to find the board again. */
interface Record {
  readonly kernel: KernelVersion;
  readonly address: BoardAddress;
  readonly qemu: ProcessIdentity;
}

/** The board that a startEmulatedBoard of this or another process left running in directory. */
export async function attachEmulatedBoard(directory: string): Promise<EmulatedBoard | undefined> {
  const path = resolve(directory);
  const record = await readRecord(path);
  if (!record || !isRunning(record.qemu)) return undefined;
  return attached(path, record, () => ended(record.qemu));
}

/** The board in directory, whose QEMU somebody has started. */
export function attached(directory: string, record: Record, exited: () => Promise<void>): EmulatedBoard {
  return {
    kernel: record.kernel,
    address: record.address,
    directory,
    console: join(directory, instanceFiles.console),
    log: join(directory, instanceFiles.log),
    get exited() {
      return exited();
    },
    async stop() {
      await endProcess(record.qemu);
      for (const name of [instanceFiles.board, instanceFiles.monitor]) await rm(join(directory, name), { force: true });
    },
  };
}

/** Somebody else's child cannot be waited for. */
async function ended(qemu: ProcessIdentity): Promise<void> {
  while (isRunning(qemu)) await sleep(200);
}

export async function writeRecord(directory: string, record: Record): Promise<void> {
  const path = join(directory, instanceFiles.board);
  await writeFile(`${path}.part`, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(`${path}.part`, path);
}

async function readRecord(directory: string): Promise<Record | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, instanceFiles.board), 'utf8')) as Record;
  } catch {
    return undefined;
  }
}
