// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { kernelVersions } from '../kernel/versions.ts';
import { boardAddressSchema } from '../ssh/address.ts';

/** A board, emulated or real: passive data. What acts on it takes it, or a connection to it, as an argument. */
export const boardSchema = z.object({
  name: z.string().min(1),
  address: boardAddressSchema,
  /** the emulated board's kernel; a real board's is what it runs */
  kernel: z.enum(kernelVersions).optional(),
  /** file that takes everything the serial console says */
  console: z.string().optional(),
  /** what tests may ask for before they run; a test whose feature is missing skips and names it */
  features: z.array(z.string()).readonly(),
  /** folder below /sys/class/remoteproc */
  remoteproc: z.string(),
});

export type Board = z.infer<typeof boardSchema>;
