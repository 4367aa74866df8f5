// SPDX-License-Identifier: MIT
import { arm } from '../architecture/architecture.ts';

/** What every make of this kernel and its modules is told. */
export const makeArguments: readonly string[] = ['ARCH=arm', `CROSS_COMPILE=${arm.crossCompile}`];
