// SPDX-License-Identifier: MIT
/**
 * Which packages, in which version. The archive is asked once, and the answer is kept in the cache. So a normal run
 * does not need the network. And nothing changes under its user's hands when Debian publishes an update.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, cached, discard } from '../cache/cached.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { arm } from '../../base/target/architecture.ts';
import { type AptRoot, aptRoot } from './apt-root.ts';
import type { Stanza } from './stanza.ts';
import { temporaryDirectory } from '../../base/process/temporary.ts';

export interface Selection {
  /** a word for the purpose; with the suite it names the pin */
  readonly name: string;
  readonly suite: string;
  /** raised when select answers something else than it used to */
  readonly revision: number;
  /** Debian's name for the machine the packages are for, armhf when not said */
  readonly architecture?: string;
  /** select asks for sources and this host's own packages */
  readonly sources?: true;
  select(apt: AptRoot, hostArchitecture: string): Promise<readonly Stanza[]>;
}

export async function pinned(selection: Selection, log: Log): Promise<readonly Stanza[]> {
  const host = hostArchitecture();
  const dir = await cached(
    'pins',
    key(selection, host),
    async (fresh) => {
      const packages = await log.step(`Debian ${selection.suite}: looking up packages`, () => lookUp(selection, host));
      await writeFile(join(fresh, 'packages.json'), JSON.stringify(packages, undefined, 1));
    },
    log,
  );
  return JSON.parse(await readFile(join(dir, 'packages.json'), 'utf8')) as readonly Stanza[];
}

/** The next pinned() asks the archive again. */
export async function unpin(selection: Selection): Promise<void> {
  await discard(cacheDirectory('pins', key(selection, hostArchitecture())));
}

/** Debian's name for what this host runs. */
function hostArchitecture(): string {
  const name = ({ x64: 'amd64', arm64: 'arm64' } as Partial<Record<string, string>>)[process.arch];
  if (name) return name;
  throw new Failure('host', `this host's architecture, ${process.arch}, is not supported`, {
    remedy: 'use a 64-bit PC or ARM host',
  });
}

function key({ suite, name, revision, architecture }: Selection, host: string): readonly string[] {
  return [suite, name, String(revision), host, ...(architecture === undefined ? [] : [architecture])];
}

/** Package lists that are in use now, by suite and architectures. */
const open = new Map<string, OpenLists>();

interface OpenLists {
  readonly apt: Promise<AptRoot>;
  readonly dir: string;
  users: number;
}

async function lookUp(selection: Selection, host: string): Promise<readonly Stanza[]> {
  const architectures = selection.sources ? [host] : [host, selection.architecture ?? arm.debian];
  const name = [selection.suite, ...architectures, selection.sources ? 'sources' : ''].join(' ');
  const lists = open.get(name) ?? openLists(selection, architectures);
  open.set(name, lists);
  lists.users++;
  try {
    return await selection.select(await lists.apt, host);
  } finally {
    // Package lists and apt's index of them are 150 MB: not worth keeping for a dozen lines.
    if (--lists.users === 0) {
      open.delete(name);
      await rm(lists.dir, { recursive: true, force: true });
    }
  }
}

function openLists({ suite, sources }: Selection, architectures: readonly string[]): OpenLists {
  const dir = temporaryDirectory('apt');
  return { apt: aptRoot(dir, suite, architectures, sources), dir, users: 0 };
}
