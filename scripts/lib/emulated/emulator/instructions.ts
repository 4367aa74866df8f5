// SPDX-License-Identifier: MIT
/** Counting what a core of the emulated board executes: a plugin of QEMU that watches for two marks. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../../host/cache/cached.ts';
import { buildEnvironment } from '../../base/process/build-environment.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';

const program = 'instructions.so';
const countsFile = 'instructions.txt';

/** What QEMU's -plugin takes; the counts go to a file in QEMU's working directory. */
export async function instructionsPlugin(log: Log): Promise<string> {
  const build = (dir: string): Promise<void> =>
    log.step('building the counter of instructions', async () => {
      const words = ['-O2', '-shared', '-fPIC', '-o', join(dir, program), source('instructions.c')];
      const { failed, all } = await execa('gcc', words, {
        all: true,
        reject: false,
        env: buildEnvironment(),
        extendEnv: false,
      });
      if (failed) throw new Failure('test', `test/emulator/instructions.c does not build:\n${all}`);
    });
  const made = await cached('instructions', ['1', sourceText('instructions.c')], build, log);
  return `${join(made, program).replaceAll(',', ',,')},out=${countsFile}`;
}

/** Instructions between each pair of marks so far, on the core that marked; directory is the board's. */
export async function instructionCounts(directory: string): Promise<number[]> {
  const text = await readFile(join(directory, countsFile), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [Number(line)]));
}
