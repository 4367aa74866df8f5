// SPDX-License-Identifier: MIT
import type { Failure } from '../failure/failure.ts';
import type { Log } from '../log/log.ts';

/** A clean-up may not delay the end of the verb for longer. */
const limitMs = 10_000;
/** The limit after a second interruption. */
const hurriedMs = 1000;

/** Undoes something; told what the verb failed with, if it did. */
export type Cleanup = (failure: Failure | undefined) => Promise<unknown>;

/** What has to be undone however a verb ends, in reverse order. */
export class Cleanups {
  readonly #entries: Cleanup[] = [];

  add(cleanup: Cleanup): void {
    this.#entries.push(cleanup);
  }

  /** hurry: aborted when the rest is to be short */
  async run(log: Log, failure: Failure | undefined, hurry: AbortSignal): Promise<void> {
    for (const cleanup of this.#entries.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      let onHurry: () => void = () => undefined;
      const late = new Promise<never>((_, reject) => {
        const within = (ms: number) => {
          clearTimeout(timer);
          timer = setTimeout(() => reject(new Error(`not done after ${ms / 1000} s`)), ms);
        };
        onHurry = () => within(hurriedMs);
        within(hurry.aborted ? hurriedMs : limitMs);
        hurry.addEventListener('abort', onHurry, { once: true });
      });
      try {
        await Promise.race([cleanup(failure), late]);
      } catch (error) {
        log.warn(`while cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        hurry.removeEventListener('abort', onHurry);
        clearTimeout(timer);
      }
    }
  }
}
