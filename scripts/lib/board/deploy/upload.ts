// SPDX-License-Identifier: MIT
import { dirname } from 'node:path';
import { quote } from '../../base/process/quote.ts';
import { localMd5 } from '../../host/cache/file-sums.ts';
import { remoteSum } from '../ssh/checksum.ts';
import type { Connection } from '../ssh/connection.ts';
import { execOk } from '../ssh/exec.ts';
import { push } from '../ssh/transfer.ts';

/** Brings a file to the board unless the board has it already, byte for byte. Whether it had to be sent. */
export async function uploadIfDifferent(
  connection: Connection,
  local: string,
  remote: string,
  mode: number,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await remoteSum(connection, remote)) === (await localMd5(local))) return false;
  await execOk(connection, `mkdir -p ${quote(dirname(remote))}`, { timeoutMs: 20_000 });
  await push(connection, local, remote, { mode, signal });
  return true;
}
