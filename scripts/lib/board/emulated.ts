// SPDX-License-Identifier: MIT
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attachEmulatedBoard, type EmulatedBoard } from '../emulator/board.ts';
import { Failure } from '../failure/failure.ts';
import { kernelVersions, sanitizeKernel, type KernelVersion } from '../kernel/versions.ts';
import type { Board } from './board.ts';

/** What a newcomer gets without saying which. */
export const defaultKernel: KernelVersion = '6.1';

/** Kernels that boards can be started with. */
export const bootableKernels: readonly KernelVersion[] = kernelVersions.filter((version) => version !== '5.10');

export function emulatedName(kernel: KernelVersion): string {
  return `emulated-${kernel}`;
}

/** Where a board of `board up` lives, in this checkout. */
export function emulatedDirectory(root: string, kernel: KernelVersion): string {
  return join(root, 'out', 'board', emulatedName(kernel));
}

/** The kernel that a board's name asks for; undefined for "emulated" (any), a failure for what is no emulated board. */
export function kernelOfName(name: string): KernelVersion | undefined {
  if (name === 'emulated') return undefined;
  const kernel = bootableKernels.find((version) => emulatedName(version) === name);
  if (kernel !== undefined) return kernel;
  throw new Failure('usage', `there is no board ${name}`, {
    remedy: `known boards: ${bootableKernels.map(emulatedName).join(', ')}`,
  });
}

export function asBoard(emulated: EmulatedBoard): Board {
  return {
    name: emulatedName(emulated.kernel),
    address: emulated.address,
    kernel: emulated.kernel,
    console: emulated.console,
    features: emulated.kernel === sanitizeKernel ? ['emulated', 'fault-injection', 'slow'] : ['emulated'],
    remoteproc: 'remoteproc0',
  };
}

/** The boards of `board up` that run now. */
export async function runningBoards(root: string): Promise<EmulatedBoard[]> {
  const names = await readdir(join(root, 'out', 'board')).catch((): string[] => []);
  const kernels = bootableKernels.filter((version) => names.includes(emulatedName(version)));
  const boards = await Promise.all(kernels.map((version) => attachEmulatedBoard(emulatedDirectory(root, version))));
  return boards.filter((board) => board !== undefined);
}
