// SPDX-License-Identifier: MIT
/** Counting what a core of the emulated board executes, and where: a plugin of QEMU that watches for two marks. */
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

/** What the core that marked executed between a pair of marks: instructions by the address of the code. */
export type Executed = ReadonlyMap<number, number>;

/** What the plugin has written on a board; directory is the board's. */
export class ExecutedInstructions {
  readonly #file: string;
  #taken = 0;

  constructor(directory: string) {
    this.#file = join(directory, countsFile);
  }

  /** For each pair of marks since the last call. */
  async take(): Promise<Executed[]> {
    const bytes = await readFile(this.#file);
    const text = bytes.toString('latin1', this.#taken);
    this.#taken = bytes.length;
    return parseExecuted(text);
  }
}

/** What the plugin writes: a line for each pair of marks. */
export function parseExecuted(text: string): Executed[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const executed = new Map<number, number>();
      for (const [, address = '', count] of line.matchAll(/([0-9a-f]+):(\d+)/g)) {
        const at = parseInt(address, 16);
        executed.set(at, (executed.get(at) ?? 0) + Number(count));
      }
      return executed;
    });
}
