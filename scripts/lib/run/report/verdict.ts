// SPDX-License-Identifier: MIT
import type { FailureClass } from '../../base/failure/failure.ts';
import { worst } from '../../base/failure/worst.ts';
import { countTests, type Counts, type Figure, type Run, type RunFailure, type TestRecord } from './run.ts';

/** One thing for a person to do; the command, if any, is typed as it stands. */
export interface NextStep {
  readonly text: string;
  readonly command?: string;
}

export interface Verdict {
  /** "incomplete": the run never came to its end, so it proves nothing */
  readonly kind: 'passed' | 'incomplete' | FailureClass;
  /** one sentence */
  readonly headline: string;
  /** what is known of the cause, as it was reported */
  readonly cause: string | undefined;
  readonly next: readonly NextStep[];
}

/** What a run means and what to do about it. Anything but a run that ended well and failed nothing is no pass. */
export function verdictOf(run: Run): Verdict {
  const tests = run.suites.flatMap((suite) => suite.tests);
  const counts = countTests(tests);
  const troubled = tests.find((test) => test.status === 'unfinished') ?? tests.find((test) => test.status === 'failed');
  if (run.exitCode === undefined) return incomplete(run, troubled);
  const failure = worst(run.failures, (one) => one.class);
  if (failure) return failed(run, failure, troubled);
  const bad = counts.failed + counts.unfinished;
  if (bad > 0 || run.exitCode !== 0) {
    const headline =
      bad > 0 ? `${bad} of ${testsText(tests.length)} failed` : `the run ended with exit code ${run.exitCode}`;
    return { kind: 'test', headline, cause: causeOf(troubled), next: nextAfter(run, troubled) };
  }
  const figures = run.suites.flatMap((suite) => suite.figures);
  if (counts.passed === 0 && figures.length === 0)
    return { kind: 'test', headline: 'no test ran', cause: undefined, next: again(run) };
  const headline = counts.passed === 0 ? measuredText(figures) : passedText(counts);
  return { kind: 'passed', headline, cause: undefined, next: [] };
}

function incomplete(run: Run, troubled: TestRecord | undefined): Verdict {
  const where = troubled?.status === 'unfinished' ? `, while "${troubled.name}" was under way` : '';
  return {
    kind: 'incomplete',
    headline: 'this run has not come to its end',
    cause: `It was killed, or still runs${where}. What is shown is what it told until then.`,
    next: again(run),
  };
}

const headlines: Record<FailureClass, (suite: string | undefined) => string> = {
  test: () => 'a verification failed',
  usage: () => 'the command could not be understood',
  host: () => 'this host lacks something',
  board: (suite) => `${suite === undefined ? 'a board' : `board ${suite}`}, or the link to it, is at fault`,
  kernel: (suite) => `the kernel of ${suite ?? 'a board'} is at fault`,
  interrupted: () => 'the run was interrupted',
};

function failed(run: Run, failure: RunFailure, troubled: TestRecord | undefined): Verdict {
  const mend = failure.remedy === undefined ? [] : [{ text: 'What mends it:', command: failure.remedy }];
  const log = failure.log === undefined ? [] : [{ text: 'Read what was said before it:', command: failure.log }];
  const own = troubled?.suite === failure.suite || failure.suite === undefined ? troubled : undefined;
  const next = failure.class === 'interrupted' ? again(run) : nextAfter(run, own);
  return {
    kind: failure.class,
    headline: headlines[failure.class](failure.suite),
    cause: failure.message,
    next: [...mend, ...log, ...next],
  };
}

function nextAfter(run: Run, test: TestRecord | undefined): NextStep[] {
  if (test?.again === undefined) return again(run);
  return [{ text: 'See the first one fail alone:', command: test.again }, ...again(run)];
}

function again({ command }: Run): NextStep[] {
  return command === undefined ? [] : [{ text: 'Run all of it again:', command }];
}

function causeOf(test: TestRecord | undefined): string | undefined {
  if (!test) return undefined;
  const reason = test.reason ?? (test.status === 'unfinished' ? 'it never ended' : 'no reason given');
  return `${test.suite}: ${test.name}\n${reason}`;
}

function passedText({ passed, skipped }: Counts): string {
  const tests = passed === 1 ? 'the test' : `all ${passed} tests`;
  return `${tests} passed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A goal that is missed is told and is no failure: figures depend on what else the host does. */
function measuredText(figures: readonly Figure[]): string {
  const goals = figures.flatMap(({ goal }) => goal ?? []);
  const reached = goals.filter((goal) => goal.reached).length;
  return `${figures.length} figures measured${goals.length > 0 ? `, ${reached} of ${goals.length} goals reached` : ''}`;
}

function testsText(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`;
}
