// SPDX-License-Identifier: MIT
import { quote } from '../../base/process/quote.ts';
import type { Connection } from './connection.ts';
import { exec } from './exec.ts';

/** undefined when the board has no such file. */
export async function remoteSha256(connection: Connection, path: string): Promise<string | undefined> {
  const result = await exec(connection, `sha256sum < ${quote(path)}`, { timeoutMs: 60_000 });
  return result.code === 0 ? result.stdout.split(' ')[0] : undefined;
}
