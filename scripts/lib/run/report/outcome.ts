// SPDX-License-Identifier: MIT

/** The suite of the static checks. */
export const checkSuite = 'check';

/** The tests that break a board on purpose. */
export const faultSuite = 'faults';

/** How one test ended; static checks count as tests too. */
export interface TestOutcome {
  /** where it belongs: "check", "unit", "emulated-6.1" */
  readonly suite: string;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** why it failed or was skipped */
  readonly reason?: string;
  /** not a test of its own, but something that must hold for all tests; it cannot be run alone */
  readonly ofSuite?: true;
  /** the file that shows more */
  readonly log?: string;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function tally(outcomes: readonly TestOutcome[]): Tally {
  const count = (status: TestOutcome['status']) => outcomes.filter((outcome) => outcome.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** The last line of `npm test`: CI systems read it. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
