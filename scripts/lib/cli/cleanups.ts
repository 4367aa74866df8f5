// SPDX-License-Identifier: MIT
import type { Log } from '../log/log.ts';

/** Nothing that is being undone may hold up the end of the verb for longer. */
const limitMs = 10_000;

/** What has to be undone however a verb ends, in reverse order. */
export class Cleanups {
  readonly #entries: (() => Promise<unknown>)[] = [];

  add(cleanup: () => Promise<unknown>): void {
    this.#entries.push(cleanup);
  }

  async run(log: Log): Promise<void> {
    for (const cleanup of this.#entries.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${limitMs / 1000} s`)), limitMs);
      });
      try {
        await Promise.race([cleanup(), late]);
      } catch (error) {
        log.warn(`while cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
