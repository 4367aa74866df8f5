// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file of this host, in hexadecimal. */
export const localSha256 = (path: string): Promise<string> => sum('sha256', path);

/** MD5 of a file of this host, in hexadecimal: to compare it with one on a board (board/ssh/checksum.ts). */
export const localMd5 = (path: string): Promise<string> => sum('md5', path);

async function sum(algorithm: string, path: string): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
