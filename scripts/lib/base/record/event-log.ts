// SPDX-License-Identifier: MIT
import { appendFileSync } from 'node:fs';
import type { NewEvent } from './events.ts';

/** In the folder of a run. */
export const eventsFile = 'events.jsonl';

/** Names the file that a process adds its events to when it is part of another's run. */
export const eventsVariable = 'RPMSG_SDB_EVENTS';

/**
 * Takes the events of a run. Each is one write to the end of the file, made at once. So nothing that was told is lost,
 * whatever kills the run. Several processes may tell of one run.
 */
export class EventLog {
  /** another's run that this process is part of */
  readonly isPart: boolean;
  readonly #path: () => string;

  /** @param own asked for when the first event comes, so that a run that tells nothing makes no file */
  constructor(own: () => string) {
    const path = process.env[eventsVariable];
    this.isPart = path !== undefined;
    this.#path = path === undefined ? own : () => path;
  }

  /** The file, for processes that are to add to it: value of the variable above. */
  get path(): string {
    return this.#path();
  }

  tell(event: NewEvent): void {
    appendFileSync(this.path, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  }
}

/** The run that this process is part of, undefined when it is part of none. */
export function eventsOfTheWhole(): EventLog | undefined {
  const path = process.env[eventsVariable];
  return path === undefined ? undefined : new EventLog(() => path);
}
