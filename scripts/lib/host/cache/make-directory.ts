// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * As mkdir -p does it. Some file systems, /proc for one, take no folders and say "no such file". Node's own recursion
 * never ends there: it makes the parent, which exists, again and again.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await make(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // If it is there, another run has made it in between.
    if (!existsSync(dirname(path))) await makeDirectory(dirname(path));
    await make(path);
  }
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    // Another run may have made it, and what is no folder is told by whoever uses it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
