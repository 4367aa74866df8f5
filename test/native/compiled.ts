// SPDX-License-Identifier: MIT
/** Programs of the tests. A program is compiled again when something has changed that it is made of. */
import { join } from 'node:path';
import { execa } from 'execa';
import { buildEnvironment } from '../../scripts/lib/base/process/build-environment.ts';
import { cached } from '../../scripts/lib/host/cache/cached.ts';
import { compilerVersion } from '../../scripts/lib/host/programs/compiler.ts';

const root = join(import.meta.dirname, '..', '..');
const options = { cwd: root, env: buildEnvironment(), extendEnv: false } as const;

interface Sources {
  readonly compiler?: string;
  readonly words: readonly string[];
  readonly files: readonly string[];
  /** one more source in C, which is not in a file */
  readonly text?: string;
}

/** The program that these sources make. The preprocessor's output says whether it is the same as before. */
export async function compiled({ compiler = 'gcc', words, files, text }: Sources): Promise<string> {
  // Paths are as seen from the checkout. So a copy of the checkout at another place has the same program.
  const [here, sources] = [words, files].map((all) => all.map((word) => word.replaceAll(`${root}/`, '')));
  const run = (...more: readonly string[]) =>
    execa(compiler, [...(here ?? []), ...more], { ...options, input: text ?? '' });
  const named = [...(sources ?? []), ...(text === undefined ? [] : ['-x', 'c', '-'])];
  const { stdout } = await run('-E', ...named);
  const inputs = ['1', compiler, await compilerVersion(compiler), ...words, stdout];
  const directory = await cached('unit-program', inputs, async (dir) => {
    await run('-o', join(dir, 'program'), ...named);
  });
  return join(directory, 'program');
}
