// SPDX-License-Identifier: MIT
import { appendFileSync } from 'node:fs';
import type { NewEvent } from './events.ts';

/** Names the file that a test process adds its own events to. */
export const eventsVariable = 'RPMSG_SDB_EVENTS';

/**
 * Takes the events of a run. Each is written at once, as one write to the end of the file: whatever kills the run, what
 * was told is there, and several processes may tell of one run.
 */
export class EventLog {
  readonly #path: () => string;

  /** @param path asked for when the first event comes, so that a run that tells nothing makes no file */
  constructor(path: () => string) {
    this.#path = path;
  }

  tell(event: NewEvent): void {
    appendFileSync(this.#path(), `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  }
}

/** The log of the run that this process is part of; without one, events go nowhere. */
export function eventLogOfThisProcess(): Pick<EventLog, 'tell'> {
  const path = process.env[eventsVariable];
  return path === undefined ? { tell: () => undefined } : new EventLog(() => path);
}
