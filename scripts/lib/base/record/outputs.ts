// SPDX-License-Identifier: MIT
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EventLog, eventsFile } from './event-log.ts';

/** Runs whose logs are kept; the oldest goes when another begins. */
const kept = 30;
const isRun = /^\d{8}-\d{6}-/;

/**
 * Where one run of a verb puts its files. The folder is made when the first file is asked for. A run that tests boards
 * has out/<time>-<boards>/, and out/latest leads to the newest. Any other run has out/runs/<time>-<verb>-<pid>/.
 */
export class Outputs {
  readonly events: EventLog;
  readonly #root: string;
  readonly #time: string;
  #parent: string;
  #name: string;
  #isLatest = false;
  #made = false;

  constructor(root: string, verb: string) {
    this.#root = join(root, 'out');
    this.#time = new Date()
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(/[-:]/g, '')
      .replace('T', '-');
    this.#parent = join(this.#root, 'runs');
    this.#name = `${this.#time}-${verb}-${process.pid}`;
    this.events = new EventLog(() => this.file(eventsFile));
  }

  /**
   * Makes it the run of these boards; to be said before the first file. With none, it is this host that is tested. The
   * files of a process that is part of another's run lie in a folder of that run's.
   */
  nameAfter(boards: readonly string[]): void {
    const [first = 'host', ...others] = boards;
    const name = others.length > 2 ? `${first}+${others.length}-more` : [first, ...others].join('+');
    const safe = name.replaceAll(/[^\w.+-]/g, '-').slice(0, 100);
    this.#parent = this.events.isPart ? dirname(this.events.path) : this.#root;
    this.#name = this.events.isPart ? `part-${safe}` : `${this.#time}-${safe}`;
    this.#isLatest = !this.events.isPart;
  }

  directory(): string {
    if (!this.#made) {
      this.#made = true;
      mkdirSync(this.#parent, { recursive: true });
      this.#name = makeUnique(this.#parent, this.#name);
      if (this.#isLatest) pointTo(this.#parent, this.#name);
      const runs = readdirSync(this.#parent).filter((name) => isRun.test(name));
      for (const name of runs.sort().slice(0, -kept))
        rmSync(join(this.#parent, name), { recursive: true, force: true });
    }
    return join(this.#parent, this.#name);
  }

  /** Path of a file of this run, for instance `driver-6.1.log`. */
  file(name: string): string {
    return join(this.directory(), name.replaceAll('/', '-'));
  }
}

/** Two runs that begin in the same second get two folders. */
function makeUnique(parent: string, name: string): string {
  for (let attempt = 1; ; attempt++) {
    const tried = attempt === 1 ? name : `${name}-${attempt}`;
    try {
      mkdirSync(join(parent, tried));
      return tried;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** out/latest, replaced in one step: whoever follows it finds the one run or the other. */
function pointTo(parent: string, name: string): void {
  const next = join(parent, `latest.${process.pid}`);
  symlinkSync(name, next);
  renameSync(next, join(parent, 'latest'));
}
