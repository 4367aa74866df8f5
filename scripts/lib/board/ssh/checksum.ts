// SPDX-License-Identifier: MIT
import { Failure } from '../../base/failure/failure.ts';
import { quote, quoteWords } from '../../base/process/quote.ts';
import type { Connection } from './connection.ts';
import { exec, type ExecResult } from './exec.ts';

/** What a shell ends with when it knows no such command. */
export const unknownCommand = 127;

/** undefined when the board has no such file. */
export async function remoteSha256(connection: Connection, path: string): Promise<string | undefined> {
  const result = await sums(connection, `sha256sum < ${quote(path)}`);
  return result.code === 0 ? result.stdout.split(' ')[0] : undefined;
}

/** The checksums of those of these files that the board has, by path. */
export async function remoteSha256s(connection: Connection, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const { stdout } = await sums(connection, quoteWords(['sha256sum', ...paths]));
  return new Map(stdout.split('\n').map((line) => [line.slice(66), line.slice(0, 64)] as const));
}

/** A board without sha256sum must not look like a board without the file. */
async function sums(connection: Connection, command: string): Promise<ExecResult> {
  const result = await exec(connection, command, { timeoutMs: 60_000 });
  if (result.code !== unknownCommand) return result;
  throw noSums(connection);
}

export function noSums({ name }: Connection): Failure {
  return new Failure('board', `${name} has no sha256sum: what arrives there cannot be checked`, {
    kind: 'tools',
    remedy: 'install coreutils on the board, or a busybox with sha256sum',
  });
}
