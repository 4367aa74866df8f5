// SPDX-License-Identifier: MIT
/** The tests of a board that did not run: each counts, so that the last line is about all that there are. */
import { join } from 'node:path';
import { startGroup } from '../../base/process/process-group.ts';
import type { Context } from '../../base/cli/context.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { tellOutcome } from '../report/tell.ts';
import { listVariable, progressVariable, readTests } from './progress.ts';
import { mutatedVariable } from './mutated.ts';
import { titleOf, type TestChoice } from './stretch.ts';
import { filesVariable, testFiles, togetherFile } from './together.ts';

const listLimitMs = 60_000;

/** Outcomes for those of these tests that have none. */
export function notRun(
  context: Pick<Context, 'outputs'>,
  suite: string,
  titles: readonly string[],
  outcomes: readonly TestOutcome[],
  reason: string,
): TestOutcome[] {
  const ran = new Set(outcomes.map(titleOf));
  const missing = [...new Set(titles)].filter((title) => !ran.has(titleOf({ name: title })));
  return missing.map((name) => {
    const outcome = { suite, name, status: 'skipped', reason: `not run: ${reason.split('\n')[0] ?? ''}` } as const;
    tellOutcome(context.outputs.events, outcome);
    return outcome;
  });
}

/** The titles of the tests that are asked for, of a board that came to running none. */
export async function listTests(context: Context, suite: string, choice: TestChoice): Promise<string[]> {
  const progress = context.outputs.file(`${suite}.tests`);
  const files = choice.files ?? (await testFiles(context.root, 'board', choice.grep));
  const group = startGroup([join(context.root, 'node_modules', '.bin', 'ava'), '--tap', togetherFile], {
    cwd: context.root,
    env: {
      [filesVariable]: JSON.stringify(files),
      [progressVariable]: progress,
      [listVariable]: '1',
      ...(choice.mutated === undefined ? {} : { [mutatedVariable]: JSON.stringify(choice.mutated) }),
    },
    signal: context.signal,
    timeoutMs: listLimitMs,
  });
  group.stdout.resume();
  group.stderr.resume();
  await group.ended;
  return askedFor(readTests(progress), choice);
}

/** As ava's --match takes it. */
export function askedFor(titles: readonly string[], { grep = '' }: TestChoice): string[] {
  return titles.filter((title) => title.toLowerCase().includes(grep.toLowerCase()));
}
