// SPDX-License-Identifier: MIT
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';

/** The files and folders that make up each thing that is built, relative to the checkout. */
export const sourceTrees = {
  driver: ['Kbuild', 'Makefile', 'kernel'],
  firmware: ['firmware'],
  agent: ['test/target', 'kernel/uapi'],
  sdbctl: ['tools/sdbctl', 'kernel/uapi'],
} as const;

/** What a build leaves behind beside its sources, should someone have built by hand in the tree. */
const products = /\.(o|ko|mod|mod\.c|cmd|symvers|order|elf|md)$|^\./;

/** All source files of a tree, sorted. */
export async function sourceFiles(root: string, tree: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of tree) files.push(...(await walk(join(root, path))));
  return files.sort();
}

/** Names and contents, as the inputs of a cache key. */
export async function sourceInputs(root: string, tree: readonly string[]): Promise<(string | Buffer)[]> {
  const files = await sourceFiles(root, tree);
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return files.flatMap((file, i) => [relative(root, file), contents[i] ?? '']);
}

/** A private copy to build in: the checkout stays clean, and two builds at once do not meet. */
export async function copySources(root: string, tree: readonly string[], to: string): Promise<void> {
  for (const file of await sourceFiles(root, tree)) {
    const target = join(to, relative(root, file));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
}

async function walk(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const lists = await Promise.all(
      entries
        .filter((entry) => !products.test(entry.name) && entry.name !== 'out')
        .map(async (entry) => (entry.isDirectory() ? walk(join(path, entry.name)) : [join(path, entry.name)])),
    );
    return lists.flat();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw new Failure('usage', `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
