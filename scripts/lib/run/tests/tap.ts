// SPDX-License-Identifier: MIT
import { Parser, type FinalResults, type Result } from 'tap-parser';
import type { TestOutcome } from '../report/outcome.ts';

/** What a TAP stream told, while it comes and at its end. */
export interface TapReader {
  readonly parser: Parser;
  readonly outcomes: TestOutcome[];
  /**
   * Why the stream as a whole cannot be trusted: it is cut off, or has fewer tests than its plan. Call it after the
   * end.
   */
  problem(): string | undefined;
  /** Whether it ended as it should and has no test, because none was asked for. */
  isEmpty(): boolean;
}

export function tapReader(suite: string, onOutcome: (outcome: TestOutcome) => void): TapReader {
  const parser = new Parser();
  const outcomes: TestOutcome[] = [];
  let final: FinalResults | undefined;
  parser.on('assert', (result: Result) => {
    const outcome = asOutcome(suite, result);
    outcomes.push(outcome);
    onOutcome(outcome);
  });
  parser.on('complete', (results: FinalResults) => {
    final = results;
  });
  return {
    parser,
    outcomes,
    problem() {
      if (!final) return 'the test output was cut off';
      const end = final.plan.end;
      if (final.bailout !== false) return `the tests gave up: ${String(final.bailout)}`;
      if (final.count === 0) return 'no test ran';
      if (end === null) return 'the tests ended without saying how many there should be';
      return final.count < end ? `only ${final.count} of ${end} tests ran` : undefined;
    },
    // If there was no plan, the parser makes one, and says why in its comment.
    isEmpty: () => final?.plan.end === 0 && final.plan.comment === '' && final.count === 0,
  };
}

function asOutcome(suite: string, result: Result): TestOutcome {
  // ava puts folders before the file, as many as it takes to tell the run's files apart.
  const name = result.name.replace(/^- /, '').split(' › ').slice(-2).join(' › ');
  if (result.skip !== false || result.todo !== false) {
    const reason = [result.skip, result.todo].find((text) => typeof text === 'string');
    return { suite, name, status: 'skipped', ...(reason === undefined ? {} : { reason }) };
  }
  if (result.ok) return { suite, name, status: 'passed' };
  return { suite, name, status: 'failed', reason: describe(result.diag) };
}

/** Those of ava's diagnostics that help: message, the values that differ, and where. */
function describe(diagnostics: unknown): string {
  if (typeof diagnostics !== 'object' || diagnostics === null) return 'no reason given';
  const { name, message, values, at, ...rest } = diagnostics as Record<string, unknown>;
  const shown = Object.entries({ ...asObject(values), ...asObject(rest['details']) });
  const said = typeof message === 'string' && message !== '' ? message : typeof name === 'string' ? name : '';
  // What ava shows of a thrown error begins with its message already.
  const parts = said === '' || shown.some(([label]) => label.startsWith(said)) ? [] : [said];
  for (const [label, value] of shown) {
    parts.push(`${label} ${typeof value === 'string' ? value.trimEnd() : JSON.stringify(value)}`);
  }
  if (typeof at === 'string') parts.push(`at ${at.split('\n')[0] ?? at}`);
  return parts.join('\n');
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
