// SPDX-License-Identifier: MIT
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../cache/cached.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { sideBySide } from '../../base/process/side-by-side.ts';
import { firstError } from './apt-root.ts';
import { debianMirror } from './mirror.ts';
import type { Stanza } from './stanza.ts';

const file = 'package.deb';
/** Most are small. Asking for each takes the time. */
const atOnce = 4;

/** The archive no longer has this version, because it published a newer one. */
export class PackageGone extends Failure {}

/** The .deb files in the order of packages, each downloaded once and checked against the index's checksum. */
export function fetchPackages(title: string, packages: readonly Stanza[], log: Log): Promise<string[]> {
  return log.step(title, async (step) => {
    const total = packages.reduce((sum, { size }) => sum + size, 0);
    const done = new Map<Stanza, number>();
    return sideBySide(packages, atOnce, async (one) => {
      const tell = (bytes: number): void => {
        const all = [...done.set(one, bytes).values()].reduce((sum, size) => sum + size, 0);
        step.progress(`${megabytes(all)} of ${megabytes(total)} MB`);
      };
      const dir = await cached('debs', [one.sha256], (fresh) => download(one, fresh, tell), step);
      done.set(one, one.size);
      return join(dir, file);
    });
  });
}

async function download(one: Stanza, dir: string, progress: (bytes: number) => void): Promise<void> {
  const uri = `${await debianMirror()}/${one.path}`;
  const timer = setInterval(() => void sizeOf(dir).then(progress), 500);
  // apt's own downloader: proxies, credentials and every transport that works for the host work here.
  const options = ['-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Retries=2'];
  try {
    await execa(
      '/usr/lib/apt/apt-helper',
      [...options, 'download-file', uri, join(dir, file), `SHA256:${one.sha256}`],
      {
        env: { LC_ALL: 'C' },
      },
    );
  } catch (error) {
    const reason = firstError(error);
    const Kind = /\b404\b|not found/i.test(reason) ? PackageGone : Failure;
    throw new Kind('host', `cannot download ${one.name} ${one.version}: ${reason}`, {
      remedy: 'connect this host to the network once, or set RPMSG_SDB_DEBIAN_MIRROR to a Debian archive it can reach',
      cause: error,
    });
  } finally {
    clearInterval(timer);
  }
}

async function sizeOf(dir: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(dir).catch(() => [])) {
    bytes += (await stat(join(dir, name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
