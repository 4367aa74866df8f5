// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { copyFile, rename } from 'node:fs/promises';

/** Copies a file to where others may be reading it: whoever does so has the one before or this one, whole. */
export async function placeFile(from: string, to: string): Promise<void> {
  const fresh = `${to}.${randomBytes(4).toString('hex')}`;
  await copyFile(from, fresh);
  await rename(fresh, to);
}
