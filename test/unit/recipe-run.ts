// SPDX-License-Identifier: MIT
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { arm } from '../../scripts/lib/base/target/architecture.ts';
import { inTree } from './native.ts';
import { readRecipe, sourcePaths, type Recipe } from './recipe-text.ts';

/**
 * Runs a recipe's shell functions on this host. They get the files that the recipe lists and nothing else, and a
 * distribution's cross compiler and flags.
 */
export class RecipeRun {
  /** where bitbake would work; no path in a package may begin with it */
  readonly workDirectory: string;
  /** what the recipe calls ${D} */
  readonly destination: string;
  readonly #variables: ReadonlyMap<string, string>;

  private constructor(directory: string, assigned: Recipe['variables']) {
    const sources = join(directory, 'sources');
    this.workDirectory = directory;
    this.destination = join(directory, 'destination');
    const variables = new Map([
      ['WORKDIR', directory],
      ['S', sources],
      ['D', this.destination],
      ['bindir', '/usr/bin'],
      ['mandir', '/usr/share/man'],
      ['includedir', '/usr/include'],
      ['nonarch_base_libdir', '/lib'],
      ['PYTHON_SITEPACKAGES_DIR', '/usr/lib/python3/site-packages'],
      ['CC', `${arm.crossCompile}gcc -pipe`],
      ['CFLAGS', `-O2 -g -ffile-prefix-map=${sources}=/usr/src/debug -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64`],
      ['LDFLAGS', '-Wl,-O1 -Wl,--hash-style=gnu -Wl,--as-needed'],
    ]);
    this.#variables = variables;
    variables.set('B', this.#expanded(assigned.get('B') ?? '${S}'));
    variables.set('EXTRA_OEMAKE', this.#expanded(assigned.get('EXTRA_OEMAKE') ?? ''));
  }

  static async unpack(t: ExecutionContext, path: string): Promise<RecipeRun> {
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-recipe-'));
    t.teardown(() => rm(directory, { recursive: true }));
    const recipe = await readRecipe(inTree(path));
    for (const source of sourcePaths(recipe).paths) {
      const to = join(directory, 'sources', source);
      await mkdir(dirname(to), { recursive: true });
      await cp(inTree(source), to);
    }
    return new RecipeRun(directory, recipe.variables);
  }

  /** Runs a function's text where bitbake would. The first command that fails ends it. */
  async run(text: string): Promise<void> {
    const words = this.#variables.get('EXTRA_OEMAKE') ?? '';
    const script = `set -e\noe_runmake() { make ${words} "$@"; }\n${this.#expanded(text)}\n`;
    const cwd = this.#expanded('${B}');
    await mkdir(cwd, { recursive: true });
    await execa('sh', ['-c', script], { cwd, env: { MAKEFLAGS: '' } });
  }

  async installed(): Promise<string[]> {
    const entries = await readdir(this.destination, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((file) => file.slice(this.destination.length)).sort();
  }

  /** bitbake leaves a variable that it does not know as it is. The shell then makes nothing of it. */
  #expanded(text: string): string {
    return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = this.#variables.get(name);
      if (value === undefined) throw new Error(`no recipe here has needed \${${name}} before: is it spelt right?`);
      return value;
    });
  }
}
