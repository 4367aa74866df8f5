// SPDX-License-Identifier: MIT
/** The emulated board: QEMU with cores for Linux and one for the coprocessor, reached over SSH as any board. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';
import type { CacheSettings } from '../../base/target/caches.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { attached, attachEmulatedBoard, writeRecord, type EmulatedBoard } from './attached.ts';
import { boardParts } from './parts.ts';
import { addressOf } from './reach.ts';
import { stirCaches } from './stir-caches.ts';
import { startQemu } from './start-qemu.ts';

export interface StartOptions {
  readonly kernel: KernelVersion;
  /** private to this instance */
  readonly directory: string;
  /** owner: ends with this process, whatever kills it. detached: runs until it is stopped. */
  readonly lifetime: 'owner' | 'detached';
  readonly log: Log;
  /** the Cortex-A7s have a model of a cache */
  readonly caches?: CacheSettings;
  /** a plugin for QEMU, with its arguments */
  readonly plugin?: string;
}

export async function startEmulatedBoard(o: StartOptions): Promise<EmulatedBoard> {
  const directory = resolve(o.directory);
  if (await attachEmulatedBoard(directory))
    throw new Failure('usage', `an emulated board already runs in ${directory}`);
  await mkdir(directory, { recursive: true });
  const parts = await boardParts(o.kernel, o.log, o.caches !== undefined);
  const qemu = await startQemu(parts, directory, o.plugin === undefined ? {} : { plugin: o.plugin }, o.log);
  if (o.caches !== undefined) await stirCaches(qemu, o.caches, o.log);
  const record = { kernel: o.kernel, address: addressOf(qemu.port, parts.keys), qemu: qemu.identity };
  await writeRecord(directory, record);
  if (o.lifetime === 'detached') qemu.free();
  return attached(directory, record, () => qemu.exited);
}
