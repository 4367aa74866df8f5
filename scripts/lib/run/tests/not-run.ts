// SPDX-License-Identifier: MIT
/**
 * The tests of a board that did not run. Each of them counts, so that the last line is about all tests that there are.
 */
import type { Context } from '../../base/cli/context.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { tellOutcome } from '../report/tell.ts';
import { askedFor, listTitles } from './declared.ts';
import { mutatedVariable } from './mutated.ts';
import { titleOf, type TestChoice } from './stretch.ts';
import { filesVariable, testFiles, togetherFile } from './together.ts';

/** Makes outcomes for those of these tests that have none. */
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

/** The titles of the tests that are asked for, for a board that never came to running one. */
export async function listTests(context: Context, suite: string, choice: TestChoice): Promise<string[]> {
  const files = choice.files ?? (await testFiles(context.root, 'board', choice.grep));
  const env = {
    [filesVariable]: JSON.stringify(files),
    ...(choice.mutated === undefined ? {} : { [mutatedVariable]: JSON.stringify(choice.mutated) }),
  };
  const listed = { root: context.root, signal: context.signal, files: [togetherFile], env };
  return askedFor(await listTitles(listed, context.outputs.file(`${suite}.tests`)), choice.grep);
}
