// SPDX-License-Identifier: MIT
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { arm } from '../../base/target/architecture.ts';
import { attachEmulatedBoard, type EmulatedBoard } from './attached.ts';
import { emulatedName, type EmulatedEntry, type Inventory, type KnownBoard } from '../../board/inventory/load.ts';
import { cachesFeature } from '../../base/target/caches.ts';
import { boardKernel, sanitizeKernel, type KernelVersion } from '../../base/target/kernels.ts';
import { platformBeside } from '../../base/target/firmware-platforms.ts';
import type { Board, BoardBuild } from '../../board/inventory/board.ts';

/** What a newcomer gets without saying which. */
export const defaultKernel: KernelVersion = '6.1';

/** Where a board of `board up` lives, in this checkout. */
export function emulatedDirectory(root: string, name: string): string {
  return join(root, 'out', 'board', name);
}

/** The emulated board with this kernel that needs no inventory. */
export function emulatedEntry(kernel: KernelVersion): EmulatedEntry {
  return { name: emulatedName(kernel), kernel, features: [] };
}

/** What is emulated, as startEmulatedBoard() takes it. */
export function hardwareOf({ kernel, caches }: EmulatedEntry): Pick<EmulatedEntry, 'kernel' | 'caches'> {
  return caches === undefined ? { kernel } : { kernel, caches };
}

/** What an emulated board is given: of its own kernel, and firmware for its own coprocessor. */
export function emulatedBuild({ name, kernel }: EmulatedEntry): BoardBuild {
  return { name, kernel, firmware: platformBeside(boardKernel(kernel).architecture) };
}

export function buildOf(known: KnownBoard): BoardBuild {
  return known.kind === 'real' ? known.board : emulatedBuild(known.entry);
}

/** What tests may ask of every kernel. Our own has been configured with what Debian's leave out. */
const everyKernel: readonly string[] = ['ram-disk', 'null-disk', 'vgem', 'vivid', 'crypto-sockets'];

function kernelFeatures(kernel: KernelVersion): readonly string[] {
  if (kernel === sanitizeKernel)
    return [...everyKernel, 'fault-injection', 'slow', 'udmabuf', 'dma-heap', 'coprocessor-dma'];
  if (boardKernel(kernel).architecture === arm) return [...everyKernel, 'coprocessor-dma'];
  return kernel === 'arm64-6.12' ? [...everyKernel, 'large-pages'] : everyKernel;
}

export function asBoard(emulated: EmulatedBoard, entry: EmulatedEntry): Board {
  const { firmware } = emulatedBuild(entry);
  return {
    name: entry.name,
    address: emulated.address,
    kernel: emulated.kernel,
    firmware,
    console: emulated.console,
    emulatorLog: emulated.log,
    features: [
      'emulated',
      'region',
      'region-of-pages',
      'io_uring',
      'kprobes',
      // Which chip's coprocessor it has, for firmware that only that one runs.
      ...(firmware === undefined ? [] : [firmware]),
      ...kernelFeatures(emulated.kernel),
      ...(entry.caches === undefined ? [] : [cachesFeature]),
      ...entry.features,
    ],
    remoteproc: 'remoteproc0',
    ...(entry.patience === undefined ? {} : { patience: entry.patience }),
  };
}

/** An emulated board that runs, and as what the rest of the harness sees it. */
export interface RunningBoard {
  readonly emulated: EmulatedBoard;
  readonly board: Board;
}

/** The boards of `board up` that run now. */
export async function runningBoards(root: string, inventory: Inventory): Promise<RunningBoard[]> {
  const names = await readdir(join(root, 'out', 'board')).catch((): string[] => []);
  const found = names.sort().map(async (name): Promise<RunningBoard | undefined> => {
    const known = inventory.boards.get(name);
    if (known?.kind !== 'emulated') return undefined;
    const emulated = await attachEmulatedBoard(emulatedDirectory(root, name));
    return emulated && { emulated, board: asBoard(emulated, known.entry) };
  });
  return (await Promise.all(found)).filter((one) => one !== undefined);
}
