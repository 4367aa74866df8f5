// SPDX-License-Identifier: MIT
import { kernelVersions, type KernelVersion } from './kernels.ts';

/** Kernels that boards can be started with. */
export const bootableKernels: readonly KernelVersion[] = kernelVersions.filter((version) => version !== '5.10');
