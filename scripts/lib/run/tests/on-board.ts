// SPDX-License-Identifier: MIT
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Step } from '../../base/log/log.ts';
import { stage } from '../../base/record/stage.ts';
import { cacheTests } from '../../base/target/caches.ts';
import { buildFor } from '../../board/deploy/build.ts';
import type { EmulatedEntry, KnownBoard } from '../../board/inventory/load.ts';
import { buildOf } from '../../emulated/emulator/as-board.ts';
import { claimBoard, ownBoard } from '../choice/claim.ts';
import { tellFailure } from '../report/tell-failure.ts';
import { tellOutcome } from '../report/tell.ts';
import { boardSuite, type SuiteResult } from './board-suite.ts';
import { listTests, notRun } from './not-run.ts';
import type { TestChoice } from './stretch.ts';

/** Runs the integration tests on one board. It throws only for an interruption. */
export async function onBoard(
  context: Context,
  known: KnownBoard,
  log: Step,
  choice: TestChoice,
  claim = () => claimBoard(context, known, log),
): Promise<SuiteResult> {
  const build = buildOf(known);
  const { events } = context.outputs;
  try {
    const files = await stage(events, `${build.name}: build`, () => buildFor(build, { ...context, log }));
    const claimed = await stage(events, `${build.name}: start`, claim);
    const result = await stage(events, `${build.name}: deploy and test`, () =>
      boardSuite(context, log, claimed, files, choice),
    );
    if (result.outcomes.some(({ status }) => status === 'failed')) log.fail();
    await claimed.stop();
    return result;
  } catch (error) {
    // If one board cannot be had, the others are tested all the same.
    if (context.signal.aborted || !(error instanceof Failure)) throw error;
    const shows = error.log === undefined ? {} : { log: error.log };
    const suite = build.name;
    const outcome = {
      suite,
      name: 'set-up',
      status: 'failed',
      ofSuite: true,
      reason: error.message,
      ...shows,
    } as const;
    log.fail();
    tellOutcome(context.outputs.events, outcome);
    tellFailure(context.outputs.events, error, suite);
    const titles = await listTests(context, suite, choice);
    const skipped = notRun(context, suite, titles, [], error.message);
    return { outcomes: [outcome, ...skipped], failure: error, retries: [] };
  }
}

/** Runs the scenarios about caches, and those with drivers that are wrong, on a board of their own. */
export function cacheSuite(
  context: Context<{ readonly grep?: string } & Context['options']>,
  entry: EmulatedEntry,
  log: Step,
  choice: Pick<TestChoice, 'mutated'> = {},
): Promise<SuiteResult> {
  const { grep } = context.options;
  const asked = grep === undefined ? {} : { grep };
  return onBoard(
    context,
    { kind: 'emulated', entry },
    log,
    // One core is enough to have a cache. Two on a busy host would wait for one another.
    { ...choice, ...asked, files: cacheTests, cores: 1 },
    // A board that is up may have its lines come and go in another way.
    () => ownBoard(context, entry, log),
  );
}
