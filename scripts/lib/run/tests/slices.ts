// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import { sliceOf } from '../report/slice.ts';
import type { Outputs } from '../../base/record/outputs.ts';
import type { BoardWatch } from '../../board/watch/board-watch.ts';
import { lineText, type SeenLine } from '../../board/watch/record.ts';
import type { TestOutcome } from '../report/outcome.ts';
import type { TestTime } from './progress.ts';
import { titleOf } from './stretch.ts';

/** A test, and the time from which on nobody waited for its end. */
export interface WatchedTest extends TestTime {
  readonly until: number;
}

/** When a test has ended, the console gets this long to finish. */
const lagMs = 200;

/**
 * Writes what was seen during each test into a file of its own, and names that file where the test failed. It also
 * tells the run's events what the tests cannot tell: the console, and the kernel's log where a test lost its board.
 */
export async function withSlices(
  outcomes: readonly TestOutcome[],
  times: readonly WatchedTest[],
  watch: BoardWatch,
  outputs: Outputs,
  suite: string,
): Promise<TestOutcome[]> {
  const directory = outputs.file(`${suite}.slices`);
  const files = new Map<string, string>();
  for (const [i, { title, started, ended, until }] of times.entries()) {
    const end = Math.min((ended ?? until) + lagMs, times[i + 1]?.started ?? Infinity);
    const seen = watch.between(started, end);
    if (seen.length === 0) continue;
    // If a test had to be done again, only what its last attempt saw is told.
    if (!times.slice(i + 1).some((later) => later.title === title)) {
      tellSeen(outputs, { suite, title }, seen, { started, isLost: ended === undefined });
    }
    await mkdir(directory, { recursive: true });
    const file = `${directory}/${title.replaceAll(/[^\w.]+/g, '-').slice(0, 120)}.log`;
    await writeFile(file, `${seen.map(lineText).join('\n')}\n`);
    files.set(title, file);
  }
  return outcomes.map((outcome) => {
    const file = outcome.status === 'failed' ? files.get(titleOf(outcome)) : undefined;
    return file === undefined ? outcome : { ...outcome, log: file };
  });
}

function tellSeen(
  outputs: Outputs,
  test: { readonly suite: string; readonly title: string },
  seen: readonly SeenLine[],
  { started, isLost }: { readonly started: number; readonly isLost: boolean },
): void {
  const said = seen.filter(({ from }) => from === 'console');
  const logged = isLost ? seen.filter(({ from }) => from === 'kernel log') : [];
  const sinceStart = said.map(({ at, text }) => ({ seconds: (at - started) / 1000, text }));
  const sinceBoot = logged.map(({ seconds, level, text }) => ({
    ...(seconds === undefined ? {} : { seconds }),
    ...(level === undefined ? {} : { level }),
    text,
  }));
  if (said.length > 0) outputs.events.tell(sliceOf(test, 'console', sinceStart));
  if (logged.length > 0) outputs.events.tell(sliceOf(test, 'kernel log', sinceBoot));
}
