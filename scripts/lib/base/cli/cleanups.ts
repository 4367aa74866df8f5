// SPDX-License-Identifier: MIT
import type { Failure } from '../failure/failure.ts';
import type { Log } from '../log/log.ts';

/** Nothing that is being undone may hold up the end of the verb for longer. */
const limitMs = 10_000;

/** Undoes something; told what the verb failed with, if it did. */
export type Cleanup = (failure: Failure | undefined) => Promise<unknown>;

/** What has to be undone however a verb ends, in reverse order. */
export class Cleanups {
  readonly #entries: Cleanup[] = [];

  add(cleanup: Cleanup): void {
    this.#entries.push(cleanup);
  }

  async run(log: Log, failure: Failure | undefined): Promise<void> {
    for (const cleanup of this.#entries.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${limitMs / 1000} s`)), limitMs);
      });
      try {
        await Promise.race([cleanup(failure), late]);
      } catch (error) {
        log.warn(`while cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
