// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { execa } from 'execa';

const root = join(import.meta.dirname, '..', '..');

export const inTree = (...path: readonly string[]): string => join(root, ...path);

/** A C program of a test: compiled for this host under sanitizers, asked line by line. */
export class NativeProgram {
  readonly #directory: string;
  readonly #process;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];

  private constructor(directory: string, path: string) {
    this.#directory = directory;
    this.#process = execa(path, { reject: false, buffer: { stdout: false } });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.#process.stdin.on('error', () => undefined);
    void this.#process.then(({ stderr }) => {
      for (const { reject } of this.#waiting) reject(new Error(`the program ended: ${stderr}`));
    });
  }

  static async build(sources: readonly string[], includes: readonly string[]): Promise<NativeProgram> {
    const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-unit-'));
    const path = join(directory, 'program');
    const sanitize = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const warnings = ['-std=gnu11', '-Wall', '-Wextra', '-Werror'];
    await execa('gcc', [
      '-g',
      '-O1',
      ...warnings,
      ...sanitize,
      ...includes.map((one) => `-I${one}`),
      '-o',
      path,
      ...sources,
    ]);
    return new NativeProgram(directory, path);
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
    await rm(this.#directory, { recursive: true });
  }
}
