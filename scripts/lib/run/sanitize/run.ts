// SPDX-License-Identifier: MIT
import type { ClaimedBoard } from '../../board/inventory/claimed-board.ts';
import { ownBoard } from '../choice/claim.ts';
import { withConnection } from '../../board/link/connect.ts';
import { emulatedBuild, emulatedEntry } from '../../emulated/emulator/as-board.ts';
import { buildFor } from '../../board/deploy/build.ts';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { buildPackages, emulatorPackages, sanitizePackages, testPackages } from '../../host/programs/packages.ts';
import { preparePackages } from '../../host/programs/prepare.ts';
import { sanitizeKernel } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { Recording } from '../report/recording.ts';
import { tellFailure } from '../report/tell-failure.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { boardSuite, type SuiteResult } from '../tests/board-suite.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { reportTests } from '../tests/report.ts';
import { tellOutcome } from '../report/tell.ts';
import type { TestOptions } from '../tests/run.ts';
import { coverageOf } from './coverage.ts';
import { assessDriver, coverageOutcome, showCoverage } from './coverage-report.ts';
import { forgetLeaks, leakOutcome } from './leaks.ts';

const entry = emulatedEntry(sanitizeKernel);
const suite = entry.name;

/** `npm run sanitize`: the integration tests on the kernel with detectors, then what only it can tell. */
export async function sanitizeRun(context: Context<TestOptions>): Promise<number> {
  const { options, log } = context;
  if (options.board !== undefined || options.kernel !== undefined)
    throw new Failure('usage', 'sanitize brings its own board and kernel', { remedy: 'npm run sanitize' });
  if (options.dryRun) {
    log.result(`would build the sanitizer kernel and run the integration tests on ${suite}`, {
      kernel: sanitizeKernel,
    });
    return 0;
  }
  const recording = await Recording.begin(context, 'sanitize', [suite]);
  await preparePackages([...buildPackages, ...testPackages, ...emulatorPackages, ...sanitizePackages], context);
  const { outcomes, failure } = await log.step(suite, (step) => onSanitizeBoard(context, step));
  if (options.grep !== undefined && outcomes.length === 0)
    throw new Failure('usage', `no test has "${options.grep}" in its name`);
  return reportTests(context, recording, outcomes, failure ? [failure] : []);
}

async function onSanitizeBoard(context: Context<TestOptions>, log: Log): Promise<SuiteResult> {
  const files = await buildFor(emulatedBuild(entry), { ...context, log });
  const claimed = await ownBoard(context, entry, log);
  await withBoard(context, claimed, (connection) => log.step('note what the boot lost', () => forgetLeaks(connection)));
  const tested = await boardSuite(context, log, claimed, files, context.options);
  // A kernel that has panicked keeps its coverage to itself.
  if (tested.failure) return tested;
  const found = await afterwards(context, claimed, log);
  for (const outcome of found) tellOutcome(context.outputs.events, outcome);
  await claimed.stop();
  const failure = leakFailure(found);
  if (failure) tellFailure(context.outputs.events, failure, suite);
  return { ...tested, outcomes: [...tested.outcomes, ...found], failure };
}

/** Lost memory is a report of the kernel, as a warning is. */
function leakFailure(outcomes: readonly TestOutcome[]): Failure | undefined {
  const lost = outcomes.find(({ name, status }) => status === 'failed' && name.includes('kmemleak'));
  if (!lost) return undefined;
  return new Failure('kernel', `${suite}: ${lost.name}`, { log: lost.log });
}

function afterwards(context: Context<TestOptions>, claimed: ClaimedBoard, log: Log): Promise<TestOutcome[]> {
  return withBoard(context, claimed, async (connection) => {
    const leaks = await log.step('search for lost memory', () => leakOutcome(connection, suite, context.outputs));
    const coverage = await log.step('coverage', async () =>
      assessDriver(await coverageOf(connection, context), context.root),
    );
    await showCoverage(coverage, context);
    if (context.options.grep !== undefined) return [leaks];
    return [leaks, coverageOutcome(coverage, suite, context.root)];
  });
}

function withBoard<T>(context: Context, { board }: ClaimedBoard, work: (c: Connection) => Promise<T>): Promise<T> {
  return withConnection(context, board, work);
}
