// SPDX-License-Identifier: MIT
/** The emulated board: QEMU with Linux on one core and the coprocessor on the other, reached over SSH as any board. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import type { BoardAddress } from '../../board/ssh/address.ts';
import { boardParts } from './parts.ts';
import { endProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import { instanceFiles } from './qemu-arguments.ts';
import { addressOf } from './reach.ts';
import { startQemu } from './start-qemu.ts';

export type { BoardAddress };

export interface EmulatedBoard {
  readonly kernel: KernelVersion;
  readonly address: BoardAddress;
  readonly directory: string;
  /** file with everything the serial port said, from the boot on */
  readonly console: string;
  stop(): Promise<void>;
  /** QEMU ended, whoever or whatever ended it */
  readonly exited: Promise<void>;
}

export interface StartOptions {
  readonly kernel: KernelVersion;
  /** private to this instance */
  readonly directory: string;
  /** owner: ends with this process, whatever kills it. detached: runs until it is stopped. */
  readonly lifetime: 'owner' | 'detached';
  readonly log: Log;
  /** a plugin for QEMU, with its arguments */
  readonly plugin?: string;
}

/** What a later process needs to find the board again. */
interface Record {
  readonly kernel: KernelVersion;
  readonly address: BoardAddress;
  readonly qemu: ProcessIdentity;
}

export async function startEmulatedBoard(o: StartOptions): Promise<EmulatedBoard> {
  const directory = resolve(o.directory);
  if (await attachEmulatedBoard(directory))
    throw new Failure('usage', `an emulated board already runs in ${directory}`);
  await mkdir(directory, { recursive: true });
  const parts = await boardParts(o.kernel, o.log);
  const qemu = await startQemu(parts, directory, o.plugin === undefined ? {} : { plugin: o.plugin }, o.log);
  const record = { kernel: o.kernel, address: addressOf(qemu.port, parts.keys), qemu: qemu.identity };
  await writeRecord(directory, record);
  if (o.lifetime === 'detached') qemu.free();
  return board(directory, record, () => qemu.exited);
}

/** The board that a startEmulatedBoard of this or another process left running in directory. */
export async function attachEmulatedBoard(directory: string): Promise<EmulatedBoard | undefined> {
  const path = resolve(directory);
  const record = await readRecord(path);
  if (!record || !isRunning(record.qemu)) return undefined;
  return board(path, record, () => ended(record.qemu));
}

function board(directory: string, record: Record, exited: () => Promise<void>): EmulatedBoard {
  return {
    kernel: record.kernel,
    address: record.address,
    directory,
    console: join(directory, instanceFiles.console),
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

async function writeRecord(directory: string, record: Record): Promise<void> {
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
