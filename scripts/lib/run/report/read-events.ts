// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { runEventSchema, type RunEvent } from '../../base/record/events.ts';
import { parsedJson } from '../../base/record/parsed-json.ts';

export interface ReadEvents {
  readonly events: readonly RunEvent[];
  /** lines that are no event: half written when the run was killed, or of another version */
  readonly damaged: number;
}

/** The events in a file, in the order they were told. */
export async function readEvents(path: string): Promise<ReadEvents> {
  // Bytes that are no UTF-8 become the sign for that, in the one string they stand in.
  return parseEvents((await readFile(path)).toString('utf8'));
}

export function parseEvents(text: string): ReadEvents {
  const events: RunEvent[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const event = runEventSchema.safeParse(parsedJson(line));
    if (event.success) events.push(event.data);
    else damaged++;
  }
  return { events, damaged };
}

/** One run of the events of several, each in its own file: in the order of time. */
export function mergeEvents(parts: readonly ReadEvents[]): ReadEvents {
  const events = parts.flatMap((part) => part.events).sort((a, b) => a.time.localeCompare(b.time));
  return { events, damaged: parts.reduce((sum, part) => sum + part.damaged, 0) };
}
