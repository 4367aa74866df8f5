// SPDX-License-Identifier: MIT
import { copyFile, mkdir, readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Architecture } from '../../base/target/architecture.ts';

/** Copies the named modules and all they need from an unpacked package to dir/lib/modules/release, without debug information. */
export async function copyModules(
  unpacked: string,
  dir: string,
  release: string,
  names: readonly string[],
  { crossCompile }: Architecture,
): Promise<void> {
  const usr = (await readdir(unpacked)).includes('lib') ? '' : 'usr';
  const from = join(unpacked, usr, 'lib/modules', release);
  const to = join(dir, 'lib/modules', release);
  await mkdir(to, { recursive: true });
  // What is built into the kernel, so that modprobe does not miss it.
  for (const name of await readdir(from)) {
    if (/^modules\.(builtin|order)/.test(name)) await copyFile(join(from, name), join(to, name));
  }
  await depmod(join(unpacked, usr), release);
  for (const path of await withDependencies(from, names)) {
    // xz-compressed in newer suites; busybox on the board reads plain ones only.
    const plain = path.replace(/\.xz$/, '');
    if (plain !== path) await execa('xz', ['--decompress', join(from, path)]);
    await mkdir(dirname(join(to, plain)), { recursive: true });
    await execa(`${crossCompile}objcopy`, ['--strip-debug', join(from, plain), join(to, plain)]);
  }
  await depmod(dir, release);
}

/** Writes modules.dep and its relatives for dir/lib/modules/release. */
export async function depmod(dir: string, release: string): Promise<void> {
  await execa('depmod', ['--basedir', dir, release]);
}

async function withDependencies(modules: string, names: readonly string[]): Promise<Set<string>> {
  const needs = new Map<string, { path: string; needs: string[] }>();
  for (const line of (await readFile(join(modules, 'modules.dep'), 'utf8')).split('\n')) {
    const [path, rest] = line.split(':');
    if (path && rest !== undefined) {
      needs.set(
        basename(path)
          .replace(/\.ko(\.xz)?$/, '')
          .replaceAll('-', '_'),
        { path, needs: rest.split(' ').filter(Boolean) },
      );
    }
  }
  return new Set(
    names.flatMap((name) => {
      const found = needs.get(name);
      // modules.dep is transitive already.
      return found ? [found.path, ...found.needs] : [];
    }),
  );
}
