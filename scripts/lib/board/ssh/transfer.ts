// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import { localSha256 } from '../../host/cache/file-sha256.ts';
import { remoteSha256 } from './checksum.ts';
import type { Connection } from './connection.ts';
import { exec, execOk } from './exec.ts';

export interface Transfer {
  /** where the file is now */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
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

/** Puts a file on the board: under another name first, checked, then renamed, so that no half-written file is ever seen. */
export async function push(
  connection: Connection,
  local: string,
  remote: string,
  o: TransferOptions = {},
): Promise<Transfer> {
  const { size, mode } = await localFile(local);
  const sha256 = await localSha256(local);
  const path = await remoteTarget(connection, remote, basename(local));
  const part = `${path}.part-${randomBytes(4).toString('hex')}`;
  try {
    await upload(connection, local, part, size, o.signal);
    if ((await remoteSha256(connection, part)) !== sha256) {
      throw new Failure('board', `${local} did not arrive on ${connection.name} as it was sent`);
    }
    const permissions = ((o.mode ?? mode) & 0o777).toString(8);
    await execOk(connection, `chmod ${permissions} ${quote(part)} && mv -f ${quote(part)} ${quote(path)}`, metaTimeout);
  } catch (error) {
    if (!connection.lost.aborted) await exec(connection, `rm -f ${quote(part)}`, metaTimeout).catch(() => undefined);
    throw error;
  }
  return { path, bytes: size, sha256 };
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
  const sha256 = await remoteSha256(connection, remote);
  if (sha256 === undefined) throw new Failure('board', `${connection.name} has no readable file ${remote}`);
  const part = `${path}.part-${randomBytes(4).toString('hex')}`;
  try {
    await download(connection, remote, part, o.signal);
    if ((await localSha256(part)) !== sha256) {
      throw new Failure(
        'board',
        `${remote} did not arrive from ${connection.name} as it was sent, or changed meanwhile`,
      );
    }
    const mode = await execOk(connection, `stat -c %a ${quote(remote)}`, metaTimeout);
    await chmod(part, parseInt(mode.trim(), 8) & 0o777);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw localError(error, path);
  }
  return { path, bytes: (await stat(path)).size, sha256 };
}

async function localFile(path: string): Promise<{ size: number; mode: number }> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry) throw new Failure('usage', `there is no file ${path}`);
  if (!entry.isFile()) throw new Failure('usage', `${path} is not a regular file`, { remedy: 'push files one by one' });
  return entry;
}

/** As cp and scp do it: into a directory under the local name, otherwise to the path itself. */
async function remoteTarget(connection: Connection, remote: string, name: string): Promise<string> {
  const path = remote.endsWith('/') ? remote : `${remote}/`;
  const test = await exec(connection, `[ -d ${quote(remote)} ]`, metaTimeout);
  if (test.code === 0) return path + name;
  if (remote.endsWith('/')) throw new Failure('board', `${connection.name} has no directory ${remote}`);
  return remote;
}

/**
 * Over a command's standard input, not SFTP: nothing then waits for an answer to each block, the board needs no SFTP server,
 * and on a slow board it takes half the time.
 */
async function upload(c: Connection, local: string, part: string, size: number, signal?: AbortSignal): Promise<void> {
  const stdin = createReadStream(local, { highWaterMark: blockBytes });
  const { code, stderr } = await exec(c, `cat > ${quote(part)}`, { stdin, ...timeoutFor(size), ...given(signal) });
  if (code !== 0) throw writeFailure(c, part.replace(/\.part-\w+$/, ''), stderr);
}

async function download(c: Connection, remote: string, part: string, signal?: AbortSignal): Promise<void> {
  const stdout = createWriteStream(part, { highWaterMark: blockBytes });
  // A stream that cannot be written ends the pipeline, whose error tells why.
  await Promise.all([
    finished(stdout),
    execOk(c, `cat ${quote(remote)}`, { stdout, ...given(signal) }).then(() => stdout.end()),
  ]);
}

function given(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal };
}

function writeFailure(connection: Connection, path: string, said: string): Failure {
  const why = said.trim().split(': ').at(-1)?.toLowerCase() ?? 'it does not say why';
  const isFull = why.includes('no space');
  return new Failure('board', `cannot write ${path} on ${connection.name}: ${why}`, {
    ...(isFull ? { kind: 'disk-full', remedy: `make room on ${connection.name}, or name another folder` } : {}),
  });
}

function localError(error: unknown, path: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  return new Failure('usage', `cannot write ${path}: ${error.message}`, { cause: error });
}
