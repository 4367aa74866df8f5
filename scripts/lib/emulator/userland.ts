// SPDX-License-Identifier: MIT
/** What runs on the board before anything of ours: busybox, dropbear and an SFTP server, with their libraries. */
import { access, copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../cache/cached.ts';
import { closure } from '../debian/closure.ts';
import { fetchPackages } from '../debian/fetch.ts';
import type { Selection } from '../debian/pin.ts';
import type { Stanza } from '../debian/stanza.ts';
import { unpackPackages } from '../debian/unpack.ts';
import { withPackages } from '../debian/with-packages.ts';
import type { Log } from '../log/log.ts';

const selection: Selection = {
  name: 'userland',
  suite: 'bookworm',
  revision: 1,
  boardOnly: true,
  select: (apt) =>
    closure(
      apt,
      ['busybox-static', 'dropbear-bin', 'openssh-sftp-server'],
      () => 'armhf',
      (name) => /^(lib(?!gcc)|zlib)/.test(name),
    ),
};

const programs = ['bin/busybox', 'usr/sbin/dropbear', 'usr/lib/openssh/sftp-server'];

/** A directory that holds the files of programs, and lib/ with the libraries they load. */
export function userland(log: Log): Promise<string> {
  return withPackages(selection, log, (packages) => unpacked(packages, log));
}

function unpacked(packages: readonly Stanza[], log: Log): Promise<string> {
  const inputs = ['1', ...packages.map(({ sha256 }) => sha256)];
  return cached(
    'userland',
    inputs,
    async (dir) => {
      const debs = await fetchPackages('board userland: downloading', packages, log);
      await log.step('board userland: unpacking', async (step) => {
        const all = await mkdtemp(join(dir, 'all-'));
        await unpackPackages(debs, all, step);
        await copyPrograms(all, dir);
        await rm(all, { recursive: true });
      });
    },
    log,
  );
}

async function copyPrograms(from: string, to: string): Promise<void> {
  await mkdir(join(to, 'lib'));
  const todo: string[] = [];
  for (const program of programs) {
    await mkdir(join(to, program, '..'), { recursive: true });
    await copyFile(join(from, program), join(to, program));
    todo.push(join(from, program));
  }
  const taken = new Set<string>();
  for (let file = todo.shift(); file; file = todo.shift()) {
    for (const library of await needed(file)) {
      if (taken.has(library)) continue;
      taken.add(library);
      const path = await findLibrary(from, library);
      await copyFile(path, join(to, 'lib', library));
      todo.push(path);
    }
  }
}

async function needed(file: string): Promise<string[]> {
  const { stdout } = await execa('arm-linux-gnueabihf-readelf', ['--dynamic', file]);
  return [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].flatMap((match) => match[1] ?? []);
}

async function findLibrary(from: string, name: string): Promise<string> {
  for (const below of ['lib/arm-linux-gnueabihf', 'usr/lib/arm-linux-gnueabihf']) {
    const path = join(from, below, name);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(`no ${name} among ${(await readdir(from)).map((one) => basename(one)).join(', ')}`);
}
