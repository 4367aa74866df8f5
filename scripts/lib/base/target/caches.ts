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

/** A board of its own has all that hurts in real caches. */
export const defaultCaches: CacheSettings = { evictions: 200, speculations: 50 };

/**
 * For scenarios that are to tell. A stale line stays stale, so that a forgotten synchronisation always shows. A dirty one is
 * written back late enough for the coprocessor to have missed it before, on a busy host too.
 */
export const tellingCaches: CacheSettings = { evictions: 200, speculations: 0 };

/** Kernels that run on the emulated chip that has the model. */
export const cacheKernels: readonly KernelVersion[] = bootableKernels.filter(
  (version) => version !== sanitizeKernel && boardKernel(version).architecture === arm,
);

/** The feature of a board whose coprocessor does not see what lies in Linux's caches. */
export const cachesFeature = 'caches';

/** The board tests that are about what caches hide, and those that run them with drivers that are wrong. */
export const cacheTests = ['test/board/caches.test.ts', 'test/board/mutations.test.ts'];

/** The kernel that they run on when no other is asked for. */
export const cacheKernel: KernelVersion = '6.12';
