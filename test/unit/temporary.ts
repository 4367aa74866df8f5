// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories: string[] = [];

process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Makes a fresh directory for what many tests of a file make. It goes when its process ends. */
export function temporary(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `rpmsg-sdb-${name}-`));
  directories.push(directory);
  return directory;
}
