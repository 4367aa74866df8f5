// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';

/** The fingerprint of a host key as `ssh-keygen -lf` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
