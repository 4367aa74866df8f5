// SPDX-License-Identifier: MIT
import type { FailureClass } from '../failure/failure.ts';
import type { FailureReport } from './renderer.ts';

const meaning: Record<FailureClass, string> = {
  test: 'a test or verification failed',
  usage: 'wrong arguments or configuration',
  host: 'this host lacks something',
  board: 'the board or the link to it is at fault',
  kernel: "fault in the board's kernel",
  interrupted: 'interrupted',
};

/** The last lines of a failed verb: what happened, what to type, where to read on, how to see it again. */
export function failureLines(report: FailureReport): { headline: string; details: string[] } {
  const { failure, exitCode, reproduce } = report;
  const details: string[] = [];
  if (failure.remedy !== undefined) details.push(`to mend it:  ${failure.remedy}`);
  if (failure.log !== undefined) details.push(`log:         ${failure.log}`);
  details.push(`again:       ${reproduce}`);
  details.push(`exit code:   ${exitCode} (${meaning[failure.failureClass]})`);
  return {
    headline: `${failure.failureClass}${failure.kind === undefined ? '' : ` (${failure.kind})`}: ${failure.message}`,
    details,
  };
}
