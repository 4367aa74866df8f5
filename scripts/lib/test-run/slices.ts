// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import type { Outputs } from '../run/outputs.ts';
import type { BoardWatch } from '../watch/board-watch.ts';
import { lineText } from '../watch/record.ts';
import type { TestOutcome } from './outcome.ts';
import type { TestTime } from './progress.ts';
import { titleOf } from './stretch.ts';

/** What the console still has to say when a test has ended. */
const lagMs = 200;

/** Writes what was seen during each test into a file of its own, and names that file where the test failed. */
export async function withSlices(
  outcomes: readonly TestOutcome[],
  times: readonly TestTime[],
  watch: BoardWatch,
  outputs: Outputs,
  suite: string,
): Promise<TestOutcome[]> {
  const directory = outputs.file(`${suite}.slices`);
  const files = new Map<string, string>();
  for (const [i, { title, started, ended }] of times.entries()) {
    const end = Math.min((ended ?? Infinity) + lagMs, times[i + 1]?.started ?? Infinity);
    const lines = watch.between(started, end).map(lineText);
    if (lines.length === 0) continue;
    await mkdir(directory, { recursive: true });
    const file = `${directory}/${title.replaceAll(/[^\w.]+/g, '-').slice(0, 120)}.log`;
    await writeFile(file, `${lines.join('\n')}\n`);
    files.set(title, file);
  }
  return outcomes.map((outcome) => {
    const file = outcome.status === 'failed' ? files.get(titleOf(outcome)) : undefined;
    return file === undefined ? outcome : { ...outcome, log: file };
  });
}
