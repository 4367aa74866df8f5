// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/**
 * Makes a directory for temporary files. Who asks for it removes it. What is left of it when this process ends goes
 * then: work that an interruption has stopped does not get as far as its `finally`.
 */
export function temporaryDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `rpmsg-sdb-${name}-`));
  if (made.push(directory) === 1) process.once('exit', removeAll);
  return directory;
}

function removeAll(): void {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
}
