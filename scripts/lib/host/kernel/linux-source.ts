// SPDX-License-Identifier: MIT
/** The kernel's own sources, from Debian's linux-source-<series>: for a kernel of our own, and for what comes only with them. */
import { execa } from 'execa';
import { fetchPackages } from '../debian/fetch.ts';
import type { Selection } from '../debian/pin.ts';
import type { Stanza } from '../debian/stanza.ts';
import { withPackages } from '../debian/with-packages.ts';
import type { Log } from '../../base/log/log.ts';
import { type Series, suites } from '../../base/target/kernels.ts';

function packageName(series: Series): string {
  return `linux-source-${series}`;
}

function selectionOf(series: Series): Selection {
  return {
    name: 'linux-source',
    suite: suites[series],
    revision: 1,
    select: async (apt) => [await apt.show(packageName(series), 'all')],
  };
}

export interface LinuxSource {
  /** identifies the content */
  readonly sha256: string;
  /** Debian's version of it */
  readonly version: string;
  /** 139 MB, downloaded when this is called and not there yet */
  fetch(log: Log): Promise<string>;
  /** Unpacks the kernel tree of what was fetched into dir: all of it, or the named files and folders. */
  unpack(deb: string, dir: string, files?: readonly string[]): Promise<void>;
}

/** Hands work the sources. When the archive has replaced them, looks them up again and works with those. */
export function withLinuxSource<T>(series: Series, log: Log, work: (source: LinuxSource) => Promise<T>): Promise<T> {
  return withPackages(selectionOf(series), log, (packages) => work(source(series, packages)));
}

function source(series: Series, packages: readonly Stanza[]): LinuxSource {
  const [one] = packages;
  const name = packageName(series);
  if (one === undefined) throw new Error(`nothing is pinned for ${name}`);
  return {
    sha256: one.sha256,
    version: one.version,
    async fetch(log) {
      const [deb = ''] = await fetchPackages("downloading the kernel's sources", packages, log);
      return deb;
    },
    unpack: (deb, dir, files = []) => unpack(name, deb, dir, files),
  };
}

async function unpack(name: string, deb: string, dir: string, files: readonly string[]): Promise<void> {
  // 139 MB, more than execa would keep.
  const outer = execa('dpkg-deb', ['--fsys-tarfile', deb], { buffer: false });
  const inner = outer.pipe('tar', ['--extract', '--to-stdout', `./usr/src/${name}.tar.xz`], { buffer: false });
  const members = files.map((file) => `${name}/${file}`);
  await inner.pipe('tar', ['--extract', '--xz', '--directory', dir, '--strip-components=1', ...members]);
}
