// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError } from 'execa';
import { diskFull } from '../../base/failure/disk-full.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { withLock } from './lock.ts';
import { makeDirectory } from './make-directory.ts';
import { matchesManifest, writeManifest } from './manifest.ts';
import { prune } from './prune.ts';
import { cacheRoot } from './root.ts';

/** Fills dir. What it makes is used at final, for tools that have their own path written into them. */
export type Build = (dir: string, final: string) => Promise<void>;

/** Throws when what lies in dir cannot do what it is for, although each file is as it was written. Cheap: each run asks. */
export type Check = (dir: string) => Promise<unknown>;

/** Entries that this process has checked or made, so that each is looked at once a run. */
const known = new Map<string, Promise<string>>();

/**
 * The directory that build makes from these inputs, made at most once, however many processes ask at the same time.
 * inputs are everything the content depends on. An entry that is half-written, damaged or does not pass its check is
 * made again. Content that does not follow from the inputs, such as a random key, has a check. So nothing wrong stays.
 */
export function cached(
  kind: string,
  inputs: readonly (string | Buffer)[],
  build: Build,
  log?: Log,
  check: Check = nothingToCheck,
): Promise<string> {
  const dir = cacheDirectory(kind, inputs);
  let entry = known.get(dir);
  if (!entry) {
    entry = provide(kind, dir, build, check, log);
    known.set(dir, entry);
    entry.catch(() => known.delete(dir));
  }
  return entry;
}

/** Where cached() keeps this, whether or not it is there. */
export function cacheDirectory(kind: string, inputs: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${input.length} `).update(input);
  return join(cacheRoot(), kind, hash.digest('hex').slice(0, 16));
}

/** Forgets an entry that turned out not to work although its files are whole. */
export async function discard(dir: string): Promise<void> {
  known.delete(dir);
  await rm(join(dir, '.manifest.json'), { force: true });
}

const nothingToCheck: Check = () => Promise.resolve();

async function provide(kind: string, dir: string, build: Build, check: Check, log: Log | undefined): Promise<string> {
  try {
    if (!(await isMade(dir, check))) {
      await withLock(
        `${dir}.lock`,
        async () => {
          // Whoever held the lock before may have made it.
          if (!(await isMade(dir, check))) await make(dir, build, check);
        },
        () => log?.info(`another run is making ${kind}; waiting for it`),
      );
      await prune(join(cacheRoot(), kind), dir);
    }
    await touch(dir);
    return dir;
  } catch (error) {
    throw explained(error);
  }
}

async function isMade(dir: string, check: Check): Promise<boolean> {
  if (!(await matchesManifest(dir))) return false;
  return check(dir).then(
    () => true,
    () => false,
  );
}

async function make(dir: string, build: Build, check: Check): Promise<void> {
  await clear(dir);
  const fresh = await mkdtemp(`${dir}.tmp-`);
  try {
    await build(fresh, dir);
    await check(fresh);
    await writeManifest(fresh);
    await rename(fresh, dir);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** Removes what is damaged, and what a killed builder of the same entry left: the lock says that none is alive. */
async function clear(dir: string): Promise<void> {
  const parent = join(dir, '..');
  await makeDirectory(parent);
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (path === dir || path.startsWith(`${dir}.tmp-`)) await rm(path, { recursive: true, force: true });
  }
}

/** The time of last use, for pruning. A cache that may only be read works too. */
async function touch(dir: string): Promise<void> {
  const now = new Date();
  await utimes(dir, now, now).catch(() => undefined);
}

/** Errors of a cache directory that is not ours, is read-only, or lies below a file or in /proc. */
const unusable: ReadonlySet<string> = new Set(['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'ENOENT']);

function explained(error: unknown): unknown {
  if (error instanceof ExecaError && error.code === 'ENOENT')
    return new Failure('host', `this host cannot run a program: ${error.originalMessage}`, {
      remedy: 'npm run doctor',
      cause: error,
    });
  const full = diskFull(error, `make room for the cache ${cacheRoot()}, or point RPMSG_SDB_CACHE at a larger disk`);
  if (full) return full;
  const { code, path } = error as NodeJS.ErrnoException;
  const isOnTheWay = path !== undefined && (path.startsWith(cacheRoot()) || cacheRoot().startsWith(`${path}/`));
  if (isOnTheWay && code !== undefined && unusable.has(code))
    return new Failure('host', `cannot write the cache: ${(error as Error).message}`, {
      remedy: 'make it writable, or point RPMSG_SDB_CACHE elsewhere',
      cause: error,
    });
  return error;
}
