// SPDX-License-Identifier: MIT
/** C programs of the unit tests that run on this host. */
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { buildEnvironment } from '../../scripts/lib/base/process/build-environment.ts';
import { sourceInputs } from '../../scripts/lib/host/build/sources.ts';
import { cached } from '../../scripts/lib/host/cache/cached.ts';
import { compilerVersion } from '../../scripts/lib/host/programs/compiler.ts';
import { compiled } from '../native/compiled.ts';

const root = join(import.meta.dirname, '..', '..');

export const inTree = (...path: readonly string[]): string => join(root, ...path);

const options = { cwd: root, env: buildEnvironment(), extendEnv: false } as const;

/**
 * The folder with what make builds for this host in a folder of the checkout. `trees` are the sources that the result
 * depends on.
 */
export async function made(folder: string, trees: readonly string[], words: readonly string[] = []): Promise<string> {
  const inputs = ['1', await compilerVersion('gcc'), ...words, ...(await sourceInputs(root, trees))];
  return cached(`unit-${basename(folder)}`, inputs, async (dir) => {
    await execa('make', ['-s', '-C', folder, `OUT=${dir}`, ...words], options);
  });
}

/** A C program of a test. It is compiled for this host under sanitizers, and asked line by line. */
export class NativeProgram {
  readonly #process;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];

  private constructor(path: string) {
    this.#process = execa(path, { reject: false, buffer: { stdout: false } });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.#process.stdin.on('error', () => undefined);
    void this.#process.then(({ stderr }) => {
      for (const { reject } of this.#waiting) reject(new Error(`the program ended: ${stderr}`));
    });
  }

  static async build(files: readonly string[], includes: readonly string[]): Promise<NativeProgram> {
    const sanitize = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const words = ['-g', '-O1', '-std=gnu11', '-Wall', '-Wextra', '-Werror', ...sanitize];
    return new NativeProgram(await compiled({ words: [...words, ...includes.map((one) => `-I${one}`)], files }));
  }

  ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${line}\n`);
    });
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    await this.#process;
  }
}
