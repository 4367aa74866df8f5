// SPDX-License-Identifier: MIT
import type { Context } from '../cli/context.ts';
import { exitCodes, Failure } from '../failure/failure.ts';
import { quote } from '../shell/quote.ts';
import { checkSuite } from './check.ts';
import { tally, tallyLine, type TestOutcome } from './outcome.ts';

/** Shows every failed test with its reason, its log and the command that runs it alone. Answers the exit code. */
export function reportTests(context: Context, outcomes: readonly TestOutcome[], failures: readonly Failure[]): number {
  const { log } = context;
  const failed = outcomes.filter((outcome) => outcome.status === 'failed');
  const counts = tally(outcomes);
  for (const outcome of failed) {
    log.result(failureText(outcome), { ...outcome, reproduce: reproduceTest(outcome) });
  }
  const worst = worstFailure(failures);
  if (worst) log.failed({ failure: worst, exitCode: exitCodes[worst.failureClass], reproduce: context.reproduce });
  const exitCode = worst ? exitCodes[worst.failureClass] : failed.length > 0 ? exitCodes.test : 0;
  log.result(`logs: ${context.outputs.directory()}`, { ...counts, exitCode, logs: context.outputs.directory() });
  log.lastLine(tallyLine(counts));
  return exitCode;
}

/** Of several, the one that a person has to look at first: the kernel's before the board's before the host's. */
export function worstFailure(failures: readonly Failure[]): Failure | undefined {
  const order = ['interrupted', 'kernel', 'board', 'host', 'usage', 'test'] as const;
  return order.map((wanted) => failures.find((failure) => failure.failureClass === wanted)).find((one) => one);
}

/** The command that runs one test alone. */
export function reproduceTest(outcome: TestOutcome): string {
  const kernel = /^emulated-(.*)$/.exec(outcome.suite)?.[1];
  // ava puts the file before the title; --grep looks at the title.
  const title = outcome.name.split(' › ').at(-1) ?? outcome.name;
  const part =
    kernel !== undefined
      ? 'board'
      : outcome.suite === checkSuite
        ? 'checks'
        : outcome.suite === 'unit'
          ? 'unit'
          : undefined;
  const options = [
    ...(part === undefined ? ['--board', outcome.suite] : ['--only', part]),
    ...(kernel === undefined ? [] : ['--kernel', kernel]),
  ];
  const grep = outcome.ofSuite ? [] : ['--grep', quote(title)];
  return ['npm test --', ...options, ...grep].join(' ');
}

function failureText(outcome: TestOutcome): string {
  const reason = (outcome.reason ?? 'no reason given').replaceAll(/^/gm, '    ');
  const log = outcome.log === undefined ? [] : [`    log:   ${outcome.log}`];
  return ['', `FAILED  ${outcome.suite}: ${outcome.name}`, reason, ...log, `    again: ${reproduceTest(outcome)}`].join(
    '\n',
  );
}
