// SPDX-License-Identifier: MIT
import type { Architecture } from '../../base/target/architecture.ts';

/** The hardware that QEMU is told to be. Everything here is part of a snapshot's key. */
export interface Machine {
  /** QEMU's program for it */
  readonly program: string;
  readonly arguments: readonly string[];
}

function virt(program: string, core: string): Machine {
  return {
    program,
    arguments: [
      '-M',
      // Debian's armmp kernel has no LPAE, and the coprocessor's addresses have 32 bits on any of them.
      'virt,highmem=off,gic-version=2',
      '-cpu',
      core,
      '-smp',
      '2',
      '-m',
      '512',
      // The ROM of the default network card may be missing.
      '-nodefaults',
      '-display',
      'none',
    ],
  };
}

/** Two cores of the kind that the STM32MP1 and the STM32MP2 have. The second is the coprocessor. */
const machines: Readonly<Record<Architecture['kernel'], Machine>> = {
  arm: virt('qemu-system-arm', 'cortex-a7'),
  arm64: virt('qemu-system-aarch64', 'cortex-a35'),
};

export function machineOf({ kernel }: Architecture): Machine {
  return machines[kernel];
}
