// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { firmwarePlatforms } from '../../base/target/firmware-platforms.ts';
import { bootableKernels } from '../../base/target/bootable.ts';
import { kernelVersions } from '../../base/target/kernels.ts';
import { hostKeySchema } from '../ssh/address.ts';

/** Names end up in file names, in options that take lists of them, and in the names of environment variables' values. */
const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/, 'a name is letters, digits, ".", "_" and "-", and begins with a letter or digit');

const command = z.string().min(1);

const powerSchema = z
  .strictObject({
    on: command.optional().describe('switches the board on; fine when it is on'),
    off: command.optional().describe('switches it off; fine when it is off'),
    cycle: command.optional().describe('off and on again, for a switch that can only do that'),
  })
  .refine(({ on, off, cycle }) => cycle !== undefined || (on !== undefined && off !== undefined), {
    message: 'give on and off, or cycle',
  })
  .describe('shell commands of this host that switch the power; $RPMSG_SDB_BOARD is the name of the board');

/** Everything that can be said of a board; what must be said depends on which kind it is, and may come from `defaults`. */
export const entrySchema = z.strictObject({
  host: z.string().min(1).optional().describe('name or address of a real board'),
  port: z.int().min(1).max(65_535).optional().describe('of its SSH server; default 22'),
  user: z.string().min(1).optional().describe('who may load modules there; default root'),
  key: z
    .string()
    .min(1)
    .optional()
    .describe('private key file without a passphrase; relative to this file, ~/ is home'),
  'host-key': hostKeySchema.optional().describe('fingerprint of its host key: ssh-keyscan HOST | ssh-keygen -lf -'),
  emulated: z
    .enum(bootableKernels as [string, ...string[]], `name a kernel in quotes, one of ${bootableKernels.join(', ')}`)
    .optional()
    .describe('an emulated board with this kernel, instead of host'),
  kernel: z.enum(kernelVersions).optional().describe('the board runs this kernel of Debian'),
  kdir: z.string().min(1).optional().describe("build directory of the board's kernel"),
  sdk: z.string().min(1).optional().describe('environment file of a Yocto SDK with the kernel sources in it'),
  firmware: z
    .string()
    .min(1)
    .optional()
    .describe(`ELF file with the test firmware, or what to build it for: ${firmwarePlatforms.join(', ')}`),
  remoteproc: z.string().min(1).optional().describe('folder in /sys/class/remoteproc; default remoteproc0'),
  features: z.array(z.string().min(1)).optional().describe('what tests may ask for: fault-injection, slow, …'),
  power: powerSchema.optional(),
  console: command
    .optional()
    .describe('shell command that prints what the serial console says, for as long as it runs'),
  timeouts: z.number().min(0.1).max(100).optional().describe('multiplies all time limits for this board; default 1'),
});

export type Entry = z.infer<typeof entrySchema>;

export const inventorySchema = z
  .strictObject({
    $schema: z.string().optional(),
    default: nameSchema.optional().describe('the board that verbs use when none is named'),
    defaults: entrySchema.optional().describe('what holds for every real board that does not say otherwise'),
    boards: z.record(nameSchema, entrySchema).optional(),
    groups: z
      .record(nameSchema, z.array(nameSchema).min(1))
      .optional()
      .describe('names for several boards: --board takes these too'),
  })
  .describe('The boards that the harness of rpmsg_sdb knows.');

export type InventoryFile = z.infer<typeof inventorySchema>;

/** The same as a JSON Schema, for editors. */
export function inventoryJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(inventorySchema), undefined, 2)}\n`;
}
