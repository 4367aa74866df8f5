// SPDX-License-Identifier: MIT
/** What runs on the board before anything of ours: busybox, flock and dropbear, with their libraries. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import type { Architecture } from '../../base/target/architecture.ts';
import { cached } from '../../host/cache/cached.ts';
import { selectionFor } from '../../host/debian/closure.ts';
import { fetchPackages } from '../../host/debian/fetch.ts';
import type { Stanza } from '../../host/debian/stanza.ts';
import { unpackPackages } from '../../host/debian/unpack.ts';
import { withPackages } from '../../host/debian/with-packages.ts';
import type { Log } from '../../base/log/log.ts';

/** What programs below load; util-linux has many others. */
const libraries = /^(libc6|libcrypt1|libtomcrypt1|libtommath1|libgmp10|zlib1g)$/;

/** flock comes from util-linux: Debian's busybox has none, and the lock of a board needs one. */
const programs = ['bin/busybox', 'usr/bin/flock', 'usr/sbin/dropbear'];

/** A directory that holds the files of programs, and lib/ with the libraries they load. */
export function userland(architecture: Architecture, log: Log): Promise<string> {
  const roots = ['busybox-static', 'dropbear-bin', 'util-linux'];
  const selection = selectionFor('userland', 4, architecture.debian, roots, (name) => libraries.test(name));
  return withPackages(selection, log, (packages) => unpacked(architecture, packages, log));
}

function unpacked(architecture: Architecture, packages: readonly Stanza[], log: Log): Promise<string> {
  const inputs = ['3', ...packages.map(({ sha256 }) => sha256)];
  return cached(
    'userland',
    inputs,
    async (dir) => {
      const debs = await fetchPackages('board userland: downloading', packages, log);
      await log.step('board userland: unpacking', async (step) => {
        const all = await mkdtemp(join(dir, 'all-'));
        await unpackPackages(debs, all, step);
        await copyPrograms(architecture, all, dir);
        await rm(all, { recursive: true });
      });
    },
    log,
  );
}

async function copyPrograms(architecture: Architecture, from: string, to: string): Promise<void> {
  await mkdir(join(to, 'lib'));
  const todo: string[] = [];
  for (const program of programs) {
    await mkdir(join(to, program, '..'), { recursive: true });
    await copyFile(join(from, program), join(to, program));
    todo.push(join(from, program));
  }
  const taken = new Set<string>();
  for (let file = todo.shift(); file; file = todo.shift()) {
    for (const library of await needed(architecture, file)) {
      if (taken.has(library)) continue;
      taken.add(library);
      const path = await findLibrary(architecture, from, library);
      await copyFile(path, join(to, 'lib', library));
      todo.push(path);
    }
  }
}

async function needed({ crossCompile }: Architecture, file: string): Promise<string[]> {
  const { stdout } = await execa(`${crossCompile}readelf`, ['--dynamic', file]);
  return [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].flatMap((match) => match[1] ?? []);
}

async function findLibrary({ multiarch }: Architecture, from: string, name: string): Promise<string> {
  for (const below of [`lib/${multiarch}`, `usr/lib/${multiarch}`]) {
    const path = join(from, below, name);
    if (existsSync(path)) return path;
  }
  throw new Error(`no ${name} among ${(await readdir(from)).map((one) => basename(one)).join(', ')}`);
}
