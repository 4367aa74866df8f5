// SPDX-License-Identifier: MIT
import { stringify } from 'yaml';
import { printable } from './printable.ts';
import type { Run, TestRecord } from './run.ts';

/** The run as TAP 13. Faults of board, host and kernel stand in it as failed tests of their own. */
export function tapOf(run: Run): string {
  const tests = run.suites.flatMap((suite) => suite.tests);
  const lines = tests.flatMap((test, index) => testLines(test, index + 1));
  let count = tests.length;
  for (const failure of run.failures) {
    lines.push(`not ok ${++count} - ${name([failure.suite, `${failure.class} fault`])}`);
    lines.push(...diagnostics({ message: printable(failure.message) }));
  }
  // A reader must not take a run that was cut off for a complete one.
  if (run.exitCode === undefined) {
    lines.push(
      `not ok ${++count} - the run came to its end`,
      ...diagnostics({ message: 'it was killed, or still runs' }),
    );
  }
  return `${['TAP version 13', ...lines, `1..${count}`].join('\n')}\n`;
}

function testLines(test: TestRecord, number: number): string[] {
  const ok = test.status === 'passed' || test.status === 'skipped' ? 'ok' : 'not ok';
  const skip = test.status === 'skipped' ? ` # SKIP ${oneLine(test.reason ?? '')}`.trimEnd() : '';
  const line = `${ok} ${number} - ${name([test.suite, test.file, test.name])}${skip}`;
  if (ok === 'ok') return [line];
  const message = test.reason ?? (test.status === 'unfinished' ? 'it began and never ended' : 'no reason given');
  return [line, ...diagnostics({ message: printable(message), again: test.again, duration_ms: test.ms })];
}

function name(parts: readonly (string | undefined)[]): string {
  const text = oneLine(parts.filter((part) => part !== undefined).join(' › '));
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}

function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

function diagnostics(values: object): string[] {
  const yaml = stringify(values, { lineWidth: 0 }).trimEnd().split('\n');
  return ['---', ...yaml, '...'].map((line) => `  ${line}`);
}
