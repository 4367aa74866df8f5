// SPDX-License-Identifier: MIT
/** Files on their way to a board: all of them arrive, checked, under other names, before any takes its place. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Board } from '../inventory/board.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quote, quoteWords } from '../../base/process/quote.ts';
import { localMd5 } from '../../host/cache/file-sums.ts';
import { remoteSums } from '../ssh/checksum.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec, execOk } from '../ssh/exec.ts';
import { push } from '../ssh/transfer.ts';
import { boardOption } from '../inventory/board-option.ts';

export interface Delivery {
  readonly local: string;
  readonly remote: string;
  /** permissions */
  readonly mode: number;
}

const timeoutMs = 30_000;
const freshSuffix = '.new';
const formerSuffix = '.former';
/** What a board needs beyond the files themselves: directories, and the journal of its file system. */
const spareBytes = 256 * 1024;

/** The deliveries that the board does not have yet, byte for byte. */
export async function differing(c: Connection, deliveries: readonly Delivery[]): Promise<Delivery[]> {
  const there = await remoteSums(
    c,
    deliveries.map(({ remote }) => remote),
  );
  const fresh: Delivery[] = [];
  for (const one of deliveries) if (there.get(one.remote) !== (await localMd5(one.local))) fresh.push(one);
  return fresh;
}

/** Uploads everything beside where it is to be. Whatever goes wrong, nothing that was there has changed. */
export async function stage(
  c: Connection,
  board: Board,
  deliveries: readonly Delivery[],
  signal: AbortSignal,
): Promise<void> {
  await forget(c, deliveries);
  await needRoom(c, board, deliveries);
  try {
    for (const { local, remote, mode } of deliveries) await push(c, local, remote + freshSuffix, { mode, signal });
  } catch (error) {
    if (!c.lost.aborted) await forget(c, deliveries).catch(() => undefined);
    throw error instanceof Failure && error.kind === undefined && error.failureClass === 'board'
      ? error.retold({ kind: 'upload', remedy: error.remedy ?? `npm run doctor -- ${boardOption(board.name)}` })
      : error;
  }
}

/** Each file takes its place in one step; the former one stays beside it until settle() or putBack(). */
export async function commit(c: Connection, deliveries: readonly Delivery[]): Promise<void> {
  const moves = deliveries.map(({ remote }) => {
    const [place, fresh, former] = [quote(remote), quote(remote + freshSuffix), quote(remote + formerSuffix)];
    return `{ [ ! -e ${place} ] || ln -f ${place} ${former} || cp -p ${place} ${former}; } && mv -f ${fresh} ${place}`;
  });
  if (moves.length > 0) await execOk(c, [...moves, 'sync'].join(' && '), { timeoutMs });
}

/** The former files are back where they were, and what had no former one is gone. */
export async function putBack(c: Connection, deliveries: readonly Delivery[]): Promise<void> {
  const moves = deliveries.map(({ remote }) => {
    const [place, former] = [quote(remote), quote(remote + formerSuffix)];
    return `if [ -e ${former} ]; then mv -f ${former} ${place}; else rm -f ${place}; fi`;
  });
  if (moves.length > 0) await execOk(c, [...moves, 'sync'].join('; '), { timeoutMs });
}

/** The new files have proved themselves. */
export async function settle(c: Connection, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await execOk(c, quoteWords(['rm', '-f', ...deliveries.map(({ remote }) => remote + formerSuffix)]), { timeoutMs });
}

/** Removes what an upload that was cut off left beside the files, those of earlier runs included. */
async function forget(c: Connection, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const leftovers = deliveries.map(
    ({ remote }) => `${quote(remote + freshSuffix)} ${quote(`${remote}${freshSuffix}.part-`)}*`,
  );
  await execOk(c, `rm -f ${leftovers.join(' ')}`, { timeoutMs });
}

/** All of them have to fit: several directories may share a file system. */
async function needRoom(c: Connection, board: Board, deliveries: readonly Delivery[]): Promise<void> {
  const places = new Map<string, { readonly directory: string; readonly free: number; needed: number }>();
  const directories = [...new Set(deliveries.map(({ remote }) => dirname(remote)))];
  const rooms = new Map<string, Awaited<ReturnType<typeof room>>>();
  // One after the other: dropbear 2022.83 may die of a command that ends while another one begins.
  for (const directory of directories) rooms.set(directory, await room(c, board, directory));
  for (const { local, remote } of deliveries) {
    const directory = dirname(remote);
    const { mount, free } = rooms.get(directory) ?? { mount: directory, free: 0 };
    const place = places.get(mount) ?? { directory, free, needed: spareBytes };
    place.needed += (await stat(local)).size;
    places.set(mount, place);
  }
  for (const { directory, free, needed } of places.values()) {
    // A file system in memory has no such number.
    if (free > 0 ? free >= needed : !(await isFull(c, directory, needed))) continue;
    throw new Failure(
      'board',
      `${board.name} has ${Math.floor(free / 1024)} KiB free in ${directory}, ${Math.ceil(needed / 1024)} KiB are needed: nothing was touched`,
      { kind: 'disk-full', remedy: `make room: npm run board -- exec ${boardOption(board.name)} -- df -h` },
    );
  }
}

/** Where a directory is mounted, and the bytes that are free there: 0 where it does not say. The directory is made. */
async function room(c: Connection, board: Board, directory: string): Promise<{ mount: string; free: number }> {
  const script = `mkdir -p ${quote(directory)} && [ -w ${quote(directory)} ] && { df -P -k ${quote(directory)} 2>/dev/null || :; }`;
  const said = await exec(c, script, { timeoutMs });
  if (said.code !== 0) {
    const why = said.stderr.trim();
    throw new Failure('board', `${board.name} does not let us write to ${directory}${why === '' ? '' : `: ${why}`}`, {
      kind: /no space/i.test(why) ? 'disk-full' : 'read-only',
      remedy: /no space/i.test(why)
        ? `make room: npm run board -- exec ${boardOption(board.name)} -- df -h`
        : `npm run board -- exec ${boardOption(board.name)} -- mount -o remount,rw /`,
    });
  }
  const fields = said.stdout.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  return { mount: fields[5] ?? directory, free: (Number(fields[3]) || 0) * 1024 };
}

/**
 * Three kinds of file system say that 0 is free: a full one, one of which only root may have the rest, and one that
 * does not count. So as many bytes as are needed are written, to see.
 */
async function isFull(c: Connection, directory: string, bytes: number): Promise<boolean> {
  const probe = quote(`${directory}/.probe${freshSuffix}`);
  const blocks = Math.ceil(bytes / 65_536);
  const script = `dd if=/dev/zero of=${probe} bs=64k count=${blocks} 2>/dev/null && sync; e=$?; rm -f ${probe}; exit $e`;
  const result = await exec(c, script, { timeoutMs });
  return result.code !== 0;
}
