// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SFTPWrapper } from 'ssh2';
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

async function upload(c: Connection, local: string, part: string, size: number, signal?: AbortSignal): Promise<void> {
  const sftp = await c.sftp();
  if (sftp) {
    const write = new Promise<void>((resolve, reject) => {
      sftp.fastPut(local, part, (error: Error | null | undefined) => (error ? reject(error) : resolve()));
    });
    try {
      await c.orLost(abortable(write, signal));
    } catch (error) {
      throw remoteError(error, c, part.replace(/\.part-\w+$/, ''));
    } finally {
      await endSftp(c, sftp);
    }
    return;
  }
  const options = { stdin: createReadStream(local), ...timeoutFor(size), ...(signal ? { signal } : {}) };
  await execOk(c, `cat > ${quote(part)}`, options);
}

async function download(c: Connection, remote: string, part: string, signal?: AbortSignal): Promise<void> {
  const sftp = await c.sftp();
  if (sftp) {
    const read = pipeline(sftp.createReadStream(remote), createWriteStream(part), signal ? { signal } : {});
    await c.orLost(read).finally(() => endSftp(c, sftp));
    return;
  }
  const stdout = createWriteStream(part);
  await execOk(c, `cat ${quote(remote)}`, { stdout, ...(signal ? { signal } : {}) });
  await new Promise<void>((resolve, reject) => {
    stdout.on('error', reject);
    stdout.end(() => resolve());
  });
}

/**
 * Ends the subsystem's channel and waits until the board has ended it too: ssh2 gives its number to the next channel at once,
 * which then takes the old one's last messages for its own ("Unable to exec").
 */
async function endSftp(c: Connection, sftp: SFTPWrapper): Promise<void> {
  if (c.lost.aborted) return;
  const closed = new Promise((resolve) => sftp.once('close', resolve));
  sftp.end();
  await c.orLost(closed).catch(() => undefined);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
  ]);
}

function remoteError(error: unknown, connection: Connection, path: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  return new Failure('board', `cannot write ${path} on ${connection.name}: ${error.message.toLowerCase()}`, {
    cause: error,
  });
}

function localError(error: unknown, path: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  return new Failure('usage', `cannot write ${path}: ${error.message}`, { cause: error });
}
