// SPDX-License-Identifier: MIT
/** The emulated STM32MP157's model of a cache, and what happens to its lines that nobody asks for. */
import { arm } from './architecture.ts';
import { bootableKernels } from './bootable.ts';
import { boardKernel, sanitizeKernel, type KernelVersion } from './kernels.ts';

export interface CacheSettings {
  /** milliseconds between times at which dirty lines are written back; 0: never */
  readonly evictions: number;
  /** between times at which clean lines are loaded anew */
  readonly speculations: number;
  /** chooses the lines; without it, another one each time */
  readonly seed?: number;
}

/**
 * A stale line stays stale, so that a forgotten synchronisation always shows. A dirty one is written back late enough for the
 * coprocessor to have missed it before, on a busy host too.
 */
export const defaultCaches: CacheSettings = { evictions: 200, speculations: 0 };

/** Kernels that run on the emulated chip that has the model. */
export const cacheKernels: readonly KernelVersion[] = bootableKernels.filter(
  (version) => version !== sanitizeKernel && boardKernel(version).architecture === arm,
);

/** The feature of a board whose coprocessor does not see what lies in Linux's caches. */
export const cachesFeature = 'caches';
