// SPDX-License-Identifier: MIT
import { z } from 'zod';

export const hostKeySchema = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'give the fingerprint as ssh-keygen -lf prints it: SHA256:…');

/** How a board is reached, emulated or real. */
export const boardAddressSchema = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  user: z.string().min(1),
  /** path of the private key file */
  privateKey: z.string().min(1),
  /** "SHA256:…", as `ssh-keygen -lf` prints it */
  hostKey: hostKeySchema,
});

export type BoardAddress = z.infer<typeof boardAddressSchema>;
