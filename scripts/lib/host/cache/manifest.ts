// SPDX-License-Identifier: MIT
/**
 * What a finished cache entry must look like. A file whose size and modification time are as they were is believed;
 * one that was touched has to prove itself by its content. So a check costs one lstat a file, and still finds
 * truncated, overwritten and missing files.
 */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const name = '.manifest.json';

interface Entry {
  readonly path: string;
  /** of a symbolic link: the length of its target */
  readonly size: number;
  readonly mtime: number;
  readonly sha256: string;
}

export async function writeManifest(dir: string): Promise<void> {
  const entries: Entry[] = [];
  for (const path of walk(dir)) {
    const { size, mtimeMs } = lstatSync(join(dir, path));
    entries.push({ path, size, mtime: Math.floor(mtimeMs), sha256: await digest(join(dir, path)) });
  }
  writeFileSync(join(dir, name), JSON.stringify(entries));
}

export async function matchesManifest(dir: string): Promise<boolean> {
  let entries: readonly Entry[];
  try {
    entries = JSON.parse(readFileSync(join(dir, name), 'utf8')) as readonly Entry[];
  } catch {
    return false;
  }
  for (const { path, size, mtime, sha256 } of entries) {
    const file = join(dir, path);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.size !== size) return false;
    if (Math.floor(found.mtimeMs) !== mtime && (await digest(file)) !== sha256) return false;
  }
  return true;
}

function* walk(dir: string, below = ''): Generator<string> {
  for (const entry of readdirSync(join(dir, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) yield* walk(dir, path);
    else yield path;
  }
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return hash.update(readlinkSync(path)).digest('hex');
  // Kernel headers are 15,000 small files: reading each at once takes a tenth of the time of streaming it.
  if (found.size < 1 << 20) return hash.update(readFileSync(path)).digest('hex');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
