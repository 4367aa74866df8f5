// SPDX-License-Identifier: MIT
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { inTree } from './native.ts';
import { parseRecipe, sourcePaths } from './recipe-text.ts';

/** A recipe's shell functions, run on this host with the files that the recipe lists and nothing else. */
export class RecipeRun {
  /** what the recipe calls ${D} */
  readonly destination: string;
  readonly #variables: ReadonlyMap<string, string>;

  private constructor(directory: string, makeArguments: string) {
    const sources = join(directory, 'sources');
    this.destination = join(directory, 'destination');
    const variables = new Map([
      ['S', sources],
      ['B', sources],
      ['D', this.destination],
      ['bindir', '/usr/bin'],
      ['mandir', '/usr/share/man'],
      ['includedir', '/usr/include'],
      ['nonarch_base_libdir', '/lib'],
      ['CC', 'gcc -pipe'],
      ['CFLAGS', '-O2 -g -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64'],
      ['LDFLAGS', '-Wl,-O1 -Wl,--hash-style=gnu -Wl,--as-needed'],
    ]);
    this.#variables = variables;
    variables.set('EXTRA_OEMAKE', this.#expanded(makeArguments));
  }

  static async unpack(t: ExecutionContext, recipe: string, makeArguments = ''): Promise<RecipeRun> {
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-recipe-'));
    t.teardown(() => rm(directory, { recursive: true }));
    const { paths } = sourcePaths(parseRecipe(await readFile(inTree(recipe), 'utf8')));
    for (const path of paths) {
      const to = join(directory, 'sources', path);
      await mkdir(dirname(to), { recursive: true });
      await cp(inTree(path), to);
    }
    return new RecipeRun(directory, makeArguments);
  }

  /** Runs a function's text where bitbake would, stopping at the first command that fails. */
  async run(text: string): Promise<void> {
    const words = this.#variables.get('EXTRA_OEMAKE') ?? '';
    const script = `set -e\noe_runmake() { make ${words} "$@"; }\n${this.#expanded(text)}\n`;
    await execa('sh', ['-c', script], { cwd: this.#variables.get('B') ?? '.', env: { MAKEFLAGS: '' } });
  }

  async installed(): Promise<string[]> {
    const entries = await readdir(this.destination, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((file) => file.slice(this.destination.length)).sort();
  }

  /** bitbake leaves what it does not know as it is, and the shell then makes nothing of it. */
  #expanded(text: string): string {
    return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = this.#variables.get(name);
      if (value === undefined) throw new Error(`no recipe here has needed \${${name}} before: is it spelt right?`);
      return value;
    });
  }
}
