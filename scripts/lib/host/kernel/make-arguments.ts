// SPDX-License-Identifier: MIT
import { arm, type Architecture } from '../../base/target/architecture.ts';

/** What make is told to build a module in a directory made of Debian's headers. */
export function makeArguments({ kernel, crossCompile }: Architecture): readonly string[] {
  return [
    `ARCH=${kernel}`,
    `CROSS_COMPILE=${crossCompile}`,
    // The headers ask for the compiler that Debian built this kernel with; the host's own does as well,
    `CC=${crossCompile}gcc`,
    // when it is told not to use what only newer ones have: arm64 has an older way to the same.
    'CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=',
    // Type information for BPF takes a tool of its own, and says nothing about the module.
    'CONFIG_DEBUG_INFO_BTF_MODULES=',
    // Even unused, newer makefiles warn when that tool is another version.
    'PAHOLE_VERSION=$(CONFIG_PAHOLE_VERSION)',
  ];
}

/** What every make of the kernel with detectors, and of modules for it, is told. */
export const detectorsMakeArguments: readonly string[] = ['ARCH=arm', `CROSS_COMPILE=${arm.crossCompile}`];
