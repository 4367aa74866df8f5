// SPDX-License-Identifier: MIT
/** The kernel's own sources, from Debian's linux-source-6.1: for a kernel of our own, and for what comes only with them. */
import { execa } from 'execa';
import { fetchPackages, PackageGone } from '../debian/fetch.ts';
import { pinned, type Selection, unpin } from '../debian/pin.ts';
import type { Stanza } from '../debian/stanza.ts';
import type { Log } from '../log/log.ts';

const name = 'linux-source-6.1';

const selection: Selection = {
  name: 'linux-source',
  suite: 'bookworm',
  revision: 1,
  select: async (apt) => [await apt.show(name, 'all')],
};

export interface LinuxSource {
  /** identifies the content */
  readonly sha256: string;
  /** Debian's version of it */
  readonly version: string;
  /** 139 MB, downloaded when this is called and not there yet */
  fetch(log: Log): Promise<string>;
}

/** Hands work the sources. When the archive has replaced them, looks them up again and works with those. */
export async function withLinuxSource<T>(log: Log, work: (source: LinuxSource) => Promise<T>): Promise<T> {
  try {
    return await work(source(await pinned(selection, log)));
  } catch (error) {
    if (!(error instanceof PackageGone)) throw error;
    log.info(`Debian ${selection.suite} has newer kernel sources; taking those`);
    await unpin(selection);
    return work(source(await pinned(selection, log)));
  }
}

function source(packages: readonly Stanza[]): LinuxSource {
  const [one] = packages;
  if (one === undefined) throw new Error(`nothing is pinned for ${name}`);
  return {
    sha256: one.sha256,
    version: one.version,
    async fetch(log) {
      const [deb = ''] = await fetchPackages("downloading the kernel's sources", packages, log);
      return deb;
    },
  };
}

/** Unpacks a fetched package's kernel tree into dir: all of it, or the named files. */
export async function unpackLinuxSource(deb: string, dir: string, files: readonly string[] = []): Promise<void> {
  // 139 MB, more than execa would keep.
  const outer = execa('dpkg-deb', ['--fsys-tarfile', deb], { buffer: false });
  const inner = outer.pipe('tar', ['--extract', '--to-stdout', `./usr/src/${name}.tar.xz`], { buffer: false });
  const members = files.map((file) => `${name}/${file}`);
  await inner.pipe('tar', ['--extract', '--xz', '--directory', dir, '--strip-components=1', ...members]);
}
