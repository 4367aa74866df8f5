// SPDX-License-Identifier: MIT
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Context } from '../../base/cli/context.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import { corpusFolder, type FuzzTarget } from './targets.ts';

/** Inputs that people have named stay, even if others reach the same code. */
const isNamed = (file: string): boolean => !/^[0-9a-f]{40}$/.test(basename(file));

async function filesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).sort().map((name) => join(directory, name));
}

/**
 * Makes the corpus of the tree a small set of inputs that reaches every edge that it and `found` reach. How often each
 * loop ran does not count: that would keep hundreds. Answers how many there are.
 */
export async function keepInputs(
  target: FuzzTarget,
  program: string,
  found: string,
  context: Context,
): Promise<number> {
  const tree = join(context.root, corpusFolder(target));
  const small = `${found}.small`;
  await rm(small, { recursive: true, force: true });
  await mkdir(small);
  const named = (await filesIn(tree)).filter(isNamed);
  for (const file of named) await copyFile(file, join(small, basename(file)));
  await runLogged({
    command: program,
    arguments: ['-set_cover_merge=1', '-use_counters=0', `-max_len=${target.maxLength}`, small, tree, found],
    log: context.outputs.file(`${target.name}-merge.log`),
    signal: context.signal,
    failure: { class: 'test', message: `the inputs for ${target.name} cannot be merged` },
  });
  for (const file of await filesIn(tree)) if (!isNamed(file)) await rm(file);
  for (const file of await filesIn(small)) await copyFile(file, join(tree, basename(file)));
  await rm(small, { recursive: true });
  return (await filesIn(tree)).length;
}
