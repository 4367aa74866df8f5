// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { kernelVersions, type KernelVersion } from '../../base/target/kernels.ts';
import { boardAddressSchema } from '../ssh/address.ts';

/** A board, emulated or real: passive data. What acts on it takes it, or a connection to it, as an argument. */
export const boardSchema = z.object({
  name: z.string().min(1),
  address: boardAddressSchema,
  /** one of Debian's kernels that it runs: the driver is built for that */
  kernel: z.enum(kernelVersions).optional(),
  /** build directory of the kernel that it runs */
  kdir: z.string().optional(),
  /** environment file of a Yocto SDK with the kernel that it runs */
  sdk: z.string().optional(),
  /** ELF file of the test firmware, or the platform to build it for */
  firmware: z.string().optional(),
  /** shell commands of this host that switch its power */
  power: z.object({ on: z.string().optional(), off: z.string().optional(), cycle: z.string().optional() }).optional(),
  /** shell command of this host that prints what the serial console says */
  consoleCommand: z.string().optional(),
  /** multiplies all time limits for this board */
  patience: z.number().optional(),
  /** file that takes everything the serial console says */
  console: z.string().optional(),
  /** file in which emulated hardware tells of what it has been asked wrongly */
  emulatorLog: z.string().optional(),
  /** what tests may ask for before they run; a test whose feature is missing skips and names it */
  features: z.array(z.string()).readonly(),
  /** folder below /sys/class/remoteproc */
  remoteproc: z.string(),
});

export type Board = z.infer<typeof boardSchema>;

/** What says how a board's driver and firmware are built. */
export type BoardBuild = Pick<Board, 'name' | 'kernel' | 'kdir' | 'sdk' | 'firmware'>;

/** Its kernel, where that is one of Debian's. */
export function kernelsOf({ kernel }: BoardBuild): KernelVersion[] {
  return kernel === undefined ? [] : [kernel];
}
