// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import { localMd5 } from '../../host/cache/file-sums.ts';
import { fileOf, noSums, unknownCommand, unreadable, whyOf } from './checksum.ts';
import type { Connection } from './connection.ts';
import { exec } from './exec.ts';

export interface Transfer {
  /** where the file is now */
  readonly path: string;
  readonly bytes: number;
}

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** permissions of the remote file; by default the local file's */
  readonly mode?: number;
}

const blockBytes = 256 * 1024;
const metaTimeout = { timeoutMs: 30_000 };
/** Slowest board that is worth supporting, plus a start: bounds a transfer that has stalled while the link lives. */
const timeoutFor = (bytes: number) => ({ timeoutMs: 60_000 + bytes / 20 });

/**
 * Puts a file on the board. It is written under another name, checked, and renamed. So nobody ever sees a half-written
 * file.
 */
export async function push(
  connection: Connection,
  local: string,
  remote: string,
  o: TransferOptions = {},
): Promise<Transfer> {
  const { size, mode } = await localFile(local);
  const sum = await localMd5(local);
  const suffix = `.part-${randomBytes(4).toString('hex')}`;
  const stdin = createReadStream(local, { highWaterMark: blockBytes });
  const stop = new AbortController();
  stdin.once('error', ({ message }) => stop.abort(new Failure('usage', `cannot read ${local}: ${message}`)));
  const signal = AbortSignal.any([stop.signal, ...(o.signal === undefined ? [] : [o.signal])]);
  const permissions = ((o.mode ?? mode) & 0o777).toString(8);
  const script = receiving(remote, basename(local), { suffix, sum, permissions });
  try {
    const { code, stdout, stderr } = await exec(connection, script, { stdin, ...timeoutFor(size), signal });
    const said = stdout.trimEnd();
    if (code !== 0) throw pushFailure(connection, { local, remote, said, stderr });
    return { path: said, bytes: size };
  } catch (error) {
    // Stopped before it could do so itself.
    const parts = [`${remote}${suffix}`, `${remote}/${basename(local)}${suffix}`].map(quote).join(' ');
    if (!connection.lost.aborted) await exec(connection, `rm -f ${parts}`, metaTimeout).catch(() => undefined);
    throw error;
  } finally {
    stdin.destroy();
  }
}

/**
 * Shell that takes a file from its standard input, and says where it is, or what went wrong; one command, since each costs a small
 * board a tenth of a second. As cp and scp do it: into a directory under the local name, otherwise to the path itself. Not by SFTP:
 * nothing then waits for an answer to each block, the board needs no SFTP server, and on a slow board it takes half the time.
 */
function receiving(remote: string, name: string, o: Record<'suffix' | 'sum' | 'permissions', string>): string {
  return [
    `t=${quote(remote)}`,
    `if [ -d "$t" ]; then t="\${t%/}/"${quote(name)}`,
    `else case "$t" in */) echo directory; exit 1; esac; fi`,
    `p="$t"${o.suffix}`,
    'fail() { rm -f "$p"; echo "$@"; exit 1; }',
    'true > "$p" || fail write',
    'cat > "$p" || fail write',
    // Of what was written. A tee for the sum would cost more than the sum: busybox's moves a KiB at a time.
    's=$(md5sum < "$p") || fail sums $?',
    `[ "\${s%% *}" = ${o.sum} ] || fail different`,
    `chmod ${o.permissions} "$p" && mv -f "$p" "$t" || fail write`,
    'echo "$t"',
  ].join('\n');
}

function pushFailure(c: Connection, o: Record<'local' | 'remote' | 'said' | 'stderr', string>): Failure {
  if (o.said === 'directory') return new Failure('board', `${c.name} has no directory ${o.remote}`);
  if (o.said === 'different') return new Failure('board', `${o.local} did not arrive on ${c.name} as it was sent`);
  return o.said === `sums ${unknownCommand}` ? noSums(c) : writeFailure(c, o.remote, o.stderr);
}

/** Gets a file from the board, with the same care on this side. */
export async function pull(
  connection: Connection,
  remote: string,
  local: string,
  o: TransferOptions = {},
): Promise<Transfer> {
  const isDirectory = await stat(local).then(
    (entry) => entry.isDirectory(),
    () => local.endsWith('/'),
  );
  const path = isDirectory ? join(local, basename(remote)) : local;
  const part = `${path}.part-${randomBytes(4).toString('hex')}`;
  try {
    // A second processor of the board takes the sum while the first one encrypts.
    const [{ sum, mode }] = await both(
      o.signal,
      (signal) => fileOf(connection, remote, signal),
      (signal) => download(connection, remote, part, signal),
    );
    if ((await localMd5(part)) !== sum) {
      throw new Failure(
        'board',
        `${remote} did not arrive from ${connection.name} as it was sent, or changed meanwhile`,
      );
    }
    await chmod(part, mode);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw localError(error, path);
  }
  return { path, bytes: (await stat(path)).size };
}

async function localFile(path: string): Promise<{ size: number; mode: number }> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry) throw new Failure('usage', `there is no file ${path}`);
  if (!entry.isFile()) throw new Failure('usage', `${path} is not a regular file`, { remedy: 'push files one by one' });
  return entry;
}

async function download(c: Connection, remote: string, part: string, signal: AbortSignal): Promise<void> {
  const stdout = createWriteStream(part, { highWaterMark: blockBytes });
  // A stream that cannot be written ends the pipeline, whose error tells why.
  const sending = async (): Promise<void> => {
    const { code, stderr } = await exec(c, `cat ${quote(remote)}`, { stdout, signal });
    if (code !== 0) throw unreadable(c, remote, stderr);
    stdout.end();
  };
  await Promise.all([finished(stdout), sending()]);
}

/** Two works at the same time. If one fails, the other is stopped. What failed first is thrown when neither goes on. */
async function both<One, Two>(
  outer: AbortSignal | undefined,
  one: (signal: AbortSignal) => Promise<One>,
  two: (signal: AbortSignal) => Promise<Two>,
): Promise<[One, Two]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(outer === undefined ? [] : [outer])]);
  const works = [one(signal), two(signal)] as const;
  for (const work of works) work.catch((error: unknown) => stop.abort(error));
  await Promise.allSettled(works);
  if (stop.signal.aborted) throw stop.signal.reason;
  return Promise.all(works);
}

function writeFailure(connection: Connection, path: string, said: string): Failure {
  const why = whyOf(said);
  const isFull = why.includes('no space');
  return new Failure('board', `cannot write ${path} on ${connection.name}: ${why}`, {
    ...(isFull ? { kind: 'disk-full', remedy: `make room on ${connection.name}, or name another folder` } : {}),
  });
}

function localError(error: unknown, path: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  return new Failure('usage', `cannot write ${path}: ${error.message}`, { cause: error });
}
