// SPDX-License-Identifier: MIT
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Runs whose logs are kept; the oldest goes when another begins. */
const kept = 30;

/** Where one run of a verb puts its log files: out/runs/<time>-<verb>-<pid>/, made when the first file is asked for. */
export class Outputs {
  readonly #runs: string;
  readonly #directory: string;
  #made = false;

  constructor(root: string, verb: string) {
    this.#runs = join(root, 'out', 'runs');
    const time = new Date()
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(/[-:]/g, '')
      .replace('T', '-');
    this.#directory = join(this.#runs, `${time}-${verb}-${process.pid}`);
  }

  directory(): string {
    if (!this.#made) {
      this.#made = true;
      mkdirSync(this.#directory, { recursive: true });
      const old = readdirSync(this.#runs).sort().slice(0, -kept);
      for (const name of old) rmSync(join(this.#runs, name), { recursive: true, force: true });
    }
    return this.#directory;
  }

  /** Path of a file of this run, for instance `driver-6.1.log`. */
  file(name: string): string {
    return join(this.directory(), name.replaceAll('/', '-'));
  }
}
