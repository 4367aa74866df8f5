// SPDX-License-Identifier: MIT
/**
 * A private apt: its own sources, lists and state in one directory. So packages of any suite and architecture can be
 * looked up without root, and the host stays as it is. Of the host's settings it takes those for downloading.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, ExecaError } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import { debianMirror } from './mirror.ts';
import { type Stanza, parseSources, parseStanza } from './stanza.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

export interface PackageName {
  readonly name: string;
  readonly architecture: string;
}

export interface AptRoot {
  /** What the suite has of this package. Throws Failure('host') when it has none. */
  show(name: string, architecture: string): Promise<Stanza>;
  /** The same of several, in their order: apt takes a third of a second to be asked, for one as for all of them. */
  showAll(packages: readonly PackageName[]): Promise<readonly Stanza[]>;
  /** The files of a source package in this version, its description (.dsc) among them. Throws Failure('host') as well. */
  showSource(name: string, version: string): Promise<readonly Stanza[]>;
}

/** Fetches the suite's package lists into dir, those of its sources only when they are wanted. */
export async function aptRoot(
  dir: string,
  suite: string,
  architectures: readonly string[],
  sources = false,
): Promise<AptRoot> {
  const mirror = await debianMirror();
  await mkdir(join(dir, 'lists/partial'), { recursive: true });
  const lines = (sources ? ['deb', 'deb-src'] : ['deb']).map(
    (kind) => `${kind} [signed-by=${keyring}] ${mirror} ${suite} main\n`,
  );
  await writeFile(join(dir, 'sources.list'), lines.join(''));
  await writeFile(join(dir, 'apt.conf'), await settings(dir, architectures));
  const env = { APT_CONFIG: join(dir, 'apt.conf'), LC_ALL: 'C' };
  try {
    await execa('apt-get', ['update', '--error-on=any'], { env });
  } catch (error) {
    throw new Failure('host', `cannot read Debian's package lists for ${suite}: ${firstError(error)}`, {
      remedy: 'connect this host to the network once, or set RPMSG_SDB_DEBIAN_MIRROR to a Debian archive it can reach',
      cause: error,
    });
  }
  const showAll: AptRoot['showAll'] = async (packages) => {
    // "all": a package for every architecture does not answer to a foreign one.
    const names = packages.flatMap(({ name, architecture }) => [`${name}:${architecture}`, `${name}:all`]);
    const { stdout } = await execa('apt-cache', ['show', '--no-all-versions', ...names], { env, reject: false });
    const stanzas = stdout.split('\n\n').flatMap((text) => parseStanza(text) ?? []);
    return packages.map(({ name, architecture }) => {
      const found = stanzas.filter((stanza) => stanza.name === name);
      const stanza = found.find((one) => one.architecture === architecture) ?? found.find(isForAll);
      if (stanza) return stanza;
      throw new Failure('host', `Debian ${suite} has no package ${name} for ${architecture}`, {
        remedy: 'set RPMSG_SDB_DEBIAN_MIRROR to a complete Debian archive',
      });
    });
  };
  return {
    showAll,
    async show(name, architecture) {
      const [stanza] = await showAll([{ name, architecture }]);
      if (stanza === undefined) throw new Error(`apt-cache says nothing of ${name}`);
      return stanza;
    },
    async showSource(name, version) {
      const asked = ['showsrc', '--only-source', name];
      const files = parseSources((await execa('apt-cache', asked, { env, reject: false })).stdout, version);
      if (files) return files;
      throw new Failure('host', `Debian ${suite} has no sources of ${name} ${version}, which this host has installed`, {
        remedy: `apt-get update && apt-get install ${name === 'qemu' ? 'qemu-system-arm' : name}`,
      });
    },
  };
}

const isForAll = ({ architecture }: Stanza): boolean => architecture === 'all';

async function settings(dir: string, architectures: readonly string[]): Promise<string> {
  // Proxies, certificates and time checks stand below Acquire; the host's hooks and index additions are not for us.
  const { stdout } = await execa('apt-config', ['dump', 'Acquire']);
  const acquire = stdout.split('\n').filter((line) => !/^Acquire::(IndexTargets|Languages|Changelogs)/.test(line));
  return [
    ...acquire,
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    'Dir::Etc::sourceparts "/dev/null";',
    `Dir::Etc::sourcelist "${join(dir, 'sources.list')}";`,
    `Dir::State "${dir}";`,
    'Dir::State::status "/dev/null";',
    `Dir::Cache "${dir}";`,
    `APT::Architecture "${architectures[0]}";`,
    `APT::Architectures "${architectures.join(',')}";`,
    // As root, apt would hand downloads to a user who cannot enter the cache.
    'APT::Sandbox::User "root";',
    '',
  ].join('\n');
}

export function firstError(error: unknown): string {
  const text = error instanceof ExecaError ? String(error.stderr) : String(error);
  return /^[EW]: *(.*)$/m.exec(text)?.[1] ?? text.split('\n')[0] ?? 'unknown error';
}
