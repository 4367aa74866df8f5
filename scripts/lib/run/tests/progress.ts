// SPDX-License-Identifier: MIT
/**
 * Which test runs when. TAP tells only that a test has ended. If a test kills its board, TAP does not tell which one
 * did.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Names the file in which the process of the tests notes its progress. */
export const progressVariable = 'RPMSG_SDB_PROGRESS_FILE';

/** Set if the process of the tests is only to say which tests there are. */
export const listVariable = 'RPMSG_SDB_LIST_TESTS';

const noteSchema = z.object({ event: z.enum(['there', 'started', 'ended']), title: z.string(), at: z.number() });
type Note = z.infer<typeof noteSchema>;

/** Called by the process of the tests. */
export function noteTest(event: Note['event'], title: string): void {
  const path = process.env[progressVariable];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify({ event, title, at: Date.now() })}\n`);
}

/**
 * One test's time on the board, in milliseconds since 1970. `ended` is missing while the test runs, and if it never
 * ended.
 */
export interface TestTime {
  readonly title: string;
  readonly started: number;
  readonly ended?: number;
}

/** What the process of the tests has noted until now, in order. */
export function readProgress(path: string): TestTime[] {
  const times: TestTime[] = [];
  for (const { event, title, at } of noted(path)) {
    const last = times.at(-1);
    if (event === 'started') times.push({ title, started: at });
    else if (last?.title === title) times[times.length - 1] = { ...last, ended: at };
  }
  return times;
}

/**
 * The titles of all tests that the process has loaded. Those that are skipped are among them, and those that nobody
 * asked for.
 */
export function readTests(path: string): string[] {
  return noted(path).flatMap(({ event, title }) => (event === 'there' ? [title] : []));
}

/** The test that ran at a moment. Between two tests it is the one before. */
export function testAt(times: readonly TestTime[], at: number): TestTime | undefined {
  return times.findLast(({ started }) => started <= at);
}

function noted(path: string): Note[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  // If a line is only half written, the next call reads it.
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => noteSchema.parse(JSON.parse(line)));
}
