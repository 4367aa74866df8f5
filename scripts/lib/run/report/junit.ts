// SPDX-License-Identifier: MIT
import junit, { type TestCase, type TestSuite } from 'junit-report-builder';
import { printable } from './printable.ts';
import { provenanceOf } from './provenance.ts';
import type { Run, Slice, Suite, TestRecord } from './run.ts';

/** The library's types describe another form of module. What it exports is the builder itself. */
const builder = junit as unknown as typeof junit.default;

/**
 * The run as JUnit's XML, as CI systems read it: a suite a board with its provenance as properties. A failed assertion is
 * a failure; what kept a test from its end, and faults of board, host and kernel, are errors.
 */
export function junitOf(run: Run): string {
  const report = builder.newBuilder().name(text(run.command ?? 'npm test'));
  for (const suite of run.suites) {
    const element = report.testSuite().name(text(suite.name));
    if (run.startedAt !== undefined) element.timestamp(run.startedAt);
    for (const [name, value] of provenanceOf(run, suite)) element.property(name, text(value));
    element.time(suite.tests.reduce((sum, test) => sum + (test.ms ?? 0), 0) / 1000);
    for (const test of suite.tests) addTest(element, test);
    addFailures(element, run, suite);
  }
  const loose = run.failures.filter((failure) => !run.suites.some((suite) => suite.name === failure.suite));
  if (loose.length > 0 || run.exitCode === undefined) {
    const element = report.testSuite().name('run');
    for (const failure of loose) addError(element, 'the run as a whole', failure.class, failure.message);
    if (run.exitCode === undefined)
      addError(element, 'the run came to its end', 'incomplete', 'it was killed, or still runs');
  }
  return report.build();
}

function addTest(element: TestSuite, test: TestRecord): void {
  const testCase: TestCase = element
    .testCase()
    .className(text(test.file === undefined ? test.suite : `${test.suite}.${test.file}`))
    .name(text(test.name));
  if (test.ms !== undefined) testCase.time(test.ms / 1000);
  const reason = text(test.reason ?? 'no reason given');
  const firstLine = reason.split('\n')[0] ?? reason;
  if (test.status === 'skipped') testCase.skipped();
  if (test.status === 'failed') testCase.failure(firstLine, 'assertion').stacktrace(reason);
  if (test.status === 'unfinished') testCase.error('it began and never ended', 'incomplete');
  // A test that passed gets no output. Systems that read this refuse a file of many megabytes.
  if (test.status === 'passed' || test.slices.length === 0) return;
  testCase.standardOutput(test.slices.map(sliceText).join('\n'));
}

function addFailures(element: TestSuite, run: Run, suite: Suite): void {
  for (const failure of run.failures) {
    if (failure.suite === suite.name) addError(element, `${failure.class} fault`, failure.class, failure.message);
  }
}

function addError(element: TestSuite, name: string, type: string, message: string): void {
  element.testCase().className('run').name(name).error(text(message), type, text(message));
}

function sliceText({ from, lines, omitted }: Slice): string {
  const head = `--- ${from}${omitted > 0 ? `, ${omitted} lines before these left out` : ''}`;
  return text([head, ...lines.map((line) => line.text)].join('\n'));
}

/** A text may hold the end of a CDATA section. The library mends only the first one. */
function text(from: string): string {
  return printable(from).replaceAll(']]>', ']] >');
}
