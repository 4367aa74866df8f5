// SPDX-License-Identifier: MIT
import type { KernelVersion } from '../../base/target/kernels.ts';

/** The board tests that are about what caches hide, and those that run them with drivers that are wrong. */
export const cacheTests = ['test/board/caches.test.ts', 'test/board/mutations.test.ts'];

/** The kernel that they run on when no other is asked for. */
export const cacheKernel: KernelVersion = '6.12';
