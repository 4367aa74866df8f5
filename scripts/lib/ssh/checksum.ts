// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { quote } from '../shell/quote.ts';
import type { Connection } from './connection.ts';
import { exec } from './exec.ts';

export async function localSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** undefined when the board has no such file. */
export async function remoteSha256(connection: Connection, path: string): Promise<string | undefined> {
  const result = await exec(connection, `sha256sum < ${quote(path)}`, { timeoutMs: 60_000 });
  return result.code === 0 ? result.stdout.split(' ')[0] : undefined;
}
