// SPDX-License-Identifier: MIT
/** Which test runs when: TAP tells only that one has ended, and a board that dies takes the test that killed it along. */
import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Names the file that the process of the tests notes its progress in. */
export const progressVariable = 'RPMSG_SDB_PROGRESS_FILE';

const noteSchema = z.object({ event: z.enum(['started', 'ended']), title: z.string(), at: z.number() });

/** Called by the process of the tests. */
export function noteTest(event: 'started' | 'ended', title: string): void {
  const path = process.env[progressVariable];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify({ event, title, at: Date.now() })}\n`);
}

/** One test's time on the board; milliseconds since 1970, `ended` is missing while it runs or when it never did. */
export interface TestTime {
  readonly title: string;
  readonly started: number;
  readonly ended?: number;
}

/** What the process of the tests has noted until now, in order. */
export function readProgress(path: string): TestTime[] {
  const times: TestTime[] = [];
  for (const line of noted(path)) {
    const { event, title, at } = noteSchema.parse(JSON.parse(line));
    const last = times.at(-1);
    if (event === 'started') times.push({ title, started: at });
    else if (last?.title === title) times[times.length - 1] = { ...last, ended: at };
  }
  return times;
}

/** The test that ran at a moment; between two tests, the one before. */
export function testAt(times: readonly TestTime[], at: number): TestTime | undefined {
  return times.findLast(({ started }) => started <= at);
}

function noted(path: string): string[] {
  try {
    // A line that is being written is for the next time.
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}
