// SPDX-License-Identifier: MIT
import type { Context } from '../../base/cli/context.ts';
import { exitCodes, type Failure } from '../../base/failure/failure.ts';
import { worst } from '../../base/failure/worst.ts';
import type { Recording } from '../report/recording.ts';
import { tally, tallyLine, type TestOutcome } from '../report/outcome.ts';
import { reproduceTest } from '../report/reproduce.ts';

/**
 * Shows every failed test with its reason, its log and the command that runs it alone. Then it makes the reports, and
 * says what to do next. Returns the exit code.
 */
export async function reportTests(
  context: Context,
  recording: Recording,
  outcomes: readonly TestOutcome[],
  failures: readonly Failure[],
): Promise<number> {
  const { log, outputs } = context;
  const failed = outcomes.filter((outcome) => outcome.status === 'failed');
  const counts = tally(outcomes);
  for (const outcome of failed) {
    log.result(failureText(outcome), { ...outcome, reproduce: reproduceTest(outcome) });
  }
  const gravest = worst(failures, (failure) => failure.failureClass);
  const exitCode = gravest ? exitCodes[gravest.failureClass] : failed.length > 0 ? exitCodes.test : 0;
  if (gravest) log.failed({ failure: gravest, exitCode, reproduce: context.reproduce });
  const reports = await recording.end(exitCode);
  const data = { ...counts, exitCode, logs: outputs.directory(), report: reports?.page ?? null };
  log.result(lastLines(context, failed, reports?.page ?? outputs.directory()).join('\n'), data);
  log.lastLine(tallyLine(counts));
  return exitCode;
}

/** What a person should look at, and type next. */
function lastLines({ reproduce }: Context, failed: readonly TestOutcome[], page: string): string[] {
  const [first] = failed;
  if (first === undefined) return ['', `report: ${page}`];
  const count =
    failed.length === 1 ? 'One test failed' : `${failed.length} tests failed, the first of them ${first.name}`;
  return ['', count, `    alone:  ${reproduceTest(first)}`, `    all:    ${reproduce}`, `    report: ${page}`];
}

function failureText(outcome: TestOutcome): string {
  const reason = (outcome.reason ?? 'no reason given').replaceAll(/^/gm, '    ');
  const log = outcome.log === undefined ? [] : [`    log:   ${outcome.log}`];
  return ['', `FAILED  ${outcome.suite}: ${outcome.name}`, reason, ...log, `    again: ${reproduceTest(outcome)}`].join(
    '\n',
  );
}
