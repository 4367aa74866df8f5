// SPDX-License-Identifier: MIT
/**
 * Sums of files that are on a board. They guard against accidents; SSH guards against attackers. MD5, because a board takes a
 * fifth of SHA-256's time for it: of 32 MiB, busybox on an emulated Cortex-A7 0.26 s and 1.2 s.
 */
import { Failure } from '../../base/failure/failure.ts';
import { quote, quoteWords } from '../../base/process/quote.ts';
import type { Connection } from './connection.ts';
import { exec, type ExecResult } from './exec.ts';

/** What a shell ends with when it knows no such command. */
export const unknownCommand = 127;

/** undefined when the board has no such file. */
export async function remoteSum(connection: Connection, path: string): Promise<string | undefined> {
  const result = await summing(connection, `md5sum < ${quote(path)}`);
  return result.code === 0 ? result.stdout.split(' ')[0] : undefined;
}

/** The sum and the permissions of a file. */
export async function fileOf(
  connection: Connection,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly sum: string; readonly mode: number }> {
  const command = `md5sum < ${quote(path)} && stat -c %a ${quote(path)}`;
  const { code, stdout, stderr } = await exec(connection, command, { signal, timeoutMs: 600_000 });
  const [sum, mode] = stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
  if (code === 0) return { sum: sum ?? '', mode: parseInt(mode ?? '', 8) & 0o777 };
  if (sum === '' && code === unknownCommand) throw noSums(connection);
  throw unreadable(connection, path, stderr);
}

/** `said` is what a program of the board, or its shell, said on standard error. */
export function unreadable({ name }: Connection, path: string, said: string): Failure {
  return new Failure('board', `${name} has no readable file ${path}: ${whyOf(said)}`);
}

/** The reason at the end of what a program said on standard error. */
export function whyOf(said: string): string {
  const why = said.trim().split(': ').at(-1)?.toLowerCase() ?? '';
  return why === '' ? 'it does not say why' : why;
}

/** The checksums of those of these files that the board has, by path. */
export async function remoteSums(connection: Connection, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const { stdout } = await summing(connection, quoteWords(['md5sum', ...paths]));
  return new Map(stdout.split('\n').map((line) => [line.slice(34), line.slice(0, 32)] as const));
}

/** A board without md5sum must not look like a board without the file. */
async function summing(connection: Connection, command: string): Promise<ExecResult> {
  const result = await exec(connection, command, { timeoutMs: 60_000 });
  if (result.code !== unknownCommand) return result;
  throw noSums(connection);
}

export function noSums({ name }: Connection): Failure {
  return new Failure('board', `${name} has no md5sum: what arrives there cannot be checked`, {
    kind: 'tools',
    remedy: 'install coreutils on the board, or a busybox with md5sum',
  });
}
