// SPDX-License-Identifier: MIT
/** A directory for the temporary files of one suite. So what its tests leave behind is seen, and is removed. */
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryDirectory } from '../../base/process/temporary.ts';

/**
 * Here tsx keeps what it has compiled, for all processes of a user. The tests share it, because compiling again takes
 * long.
 */
const compiled = `tsx-${process.getuid?.() ?? ''}`;

export class Scratch {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(): Promise<Scratch> {
    const scratch = new Scratch(temporaryDirectory('tests'));
    const shared = join(tmpdir(), compiled);
    await mkdir(shared, { recursive: true });
    await symlink(shared, join(scratch.directory, compiled));
    return scratch;
  }

  /** Names of what is left when the tests are over. The part after a name's last "-" is random, and is left out. */
  async leftovers(): Promise<string[]> {
    const names = (await readdir(this.directory)).filter((name) => name !== compiled);
    return [...new Set(names.map((name) => name.replace(/-[^-]*$/, '-*')))].sort();
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
