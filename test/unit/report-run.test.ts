// SPDX-License-Identifier: MIT
import type { NewEvent } from '../../scripts/lib/base/record/events.ts';
import { mergeEvents, parseEvents } from '../../scripts/lib/run/report/read-events.ts';
import { countTests, runOf } from '../../scripts/lib/run/report/run.ts';
import { verdictOf } from '../../scripts/lib/run/report/verdict.ts';
import { eventLines, failedRun, killedRun, runOfEvents, suite } from './report-events.ts';
import { test } from './together.ts';

test('a test has its time, its file and what was said while it ran', (t) => {
  const [board] = runOfEvents(failedRun).suites;
  t.deepEqual(countTests(board?.tests ?? []), { passed: 1, failed: 1, skipped: 1, unfinished: 0 });
  const bad = board?.tests.find(({ name }) => name === 'bad');
  t.is(bad?.ms, 2000);
  t.is(bad?.file, 'mmap');
  t.deepEqual(
    bad?.slices.map(({ from, omitted }) => ({ from, omitted })),
    [{ from: 'console', omitted: 7 }],
  );
  t.is(board?.board?.kernel, 'Linux 6.1');
});

test('a failed test decides the verdict, and the command that runs it alone comes first', (t) => {
  const verdict = verdictOf(runOfEvents(failedRun));
  t.is(verdict.kind, 'test');
  t.is(verdict.headline, '1 of 3 tests failed');
  t.deepEqual(
    verdict.next.map(({ command }) => command),
    ['npm test -- x', 'npm test'],
  );
});

test('a fault of the kernel comes before failed tests', (t) => {
  const fault = { event: 'failed', suite, class: 'kernel', message: 'Oops', log: '/console.log' } as const;
  const verdict = verdictOf(runOfEvents([...failedRun.slice(0, -1), fault, { event: 'run-ended', exitCode: 5 }]));
  t.is(verdict.kind, 'kernel');
  t.is(verdict.cause, 'Oops');
  t.is(verdict.next[0]?.command, '/console.log');
});

test('a run that died half way is no pass, and names the test that was under way', (t) => {
  const run = runOf(parseEvents(killedRun));
  t.is(run.exitCode, undefined);
  t.is(run.damaged, 1);
  t.is(run.suites[0]?.tests.find(({ name }) => name === 'bad')?.status, 'unfinished');
  const verdict = verdictOf(run);
  t.is(verdict.kind, 'incomplete');
  t.regex(verdict.cause ?? '', /"bad" was under way/);
});

test('whatever is cut off a run that passed, it is no pass any more', (t) => {
  const passed = failedRun.filter((event) => !('test' in event) || event.test === 'good').slice(0, -1);
  const lines = eventLines([...passed, { event: 'run-ended', exitCode: 0 }]);
  t.is(verdictOf(runOf(parseEvents(lines))).kind, 'passed');
  for (let length = 0; length < lines.trimEnd().length; length += 7) {
    t.not(verdictOf(runOf(parseEvents(lines.slice(0, length)))).kind, 'passed', `cut after ${length} bytes`);
  }
});

test('an exit code of 0 does not make a pass of a failed test, nor of no test', (t) => {
  t.is(verdictOf(runOfEvents([...failedRun.slice(0, -1), { event: 'run-ended', exitCode: 0 }])).kind, 'test');
  t.is(verdictOf(runOfEvents([...failedRun.slice(0, 2), { event: 'run-ended', exitCode: 0 }])).kind, 'test');
});

test('runs side by side are one run: as bad as the worst, and open while one is', (t) => {
  const good = parseEvents(eventLines([...failedRun.slice(0, 5), { event: 'run-ended', exitCode: 0 }]));
  const bad = parseEvents(eventLines(failedRun));
  t.is(runOf(mergeEvents([good, bad])).exitCode, 1);
  t.is(runOf(mergeEvents([good, parseEvents(killedRun)])).exitCode, undefined);
});

test('what the console said last belongs to the test that was under way', (t) => {
  const tail: NewEvent = { event: 'slice', suite, from: 'console', lines: [{ text: 'Oops' }], omitted: 0 };
  const [board] = runOfEvents([...failedRun.slice(0, 6), tail]).suites;
  t.deepEqual(
    board?.tests.map(({ name, slices }) => [name, slices.length]),
    [
      ['good', 1],
      ['bad', 1],
    ],
  );
  t.is(board?.slices.length, 0);
});

test('a test that was cut short and ran again is one test, and ended as it did the last time', (t) => {
  const begins: NewEvent = { event: 'test-started', suite, test: 'good' };
  const said: NewEvent = { event: 'slice', suite, test: 'good', from: 'console', lines: [{ text: 'x' }], omitted: 0 };
  const fails: NewEvent = { event: 'test-ended', suite, test: 'good', status: 'failed', reason: 'the link went' };
  const ends: NewEvent = { event: 'test-ended', suite, test: 'good', status: 'passed' };
  for (const before of [[said], [said, fails]]) {
    const [board] = runOfEvents([...failedRun.slice(0, 2), begins, ...before, begins, ends]).suites;
    t.deepEqual(
      board?.tests.map(({ name, status, reason, slices, ms }) => ({ name, status, reason, slices, ms })),
      [{ name: 'good', status: 'passed', reason: undefined, slices: [], ms: 1000 }],
    );
  }
});

test('a failed test whose board turns out to be at fault is one failed test', (t) => {
  const ended = { event: 'test-ended', suite, test: 'good', status: 'failed' } as const;
  const [board] = runOfEvents([
    ...failedRun.slice(0, 3),
    { ...ended, reason: 'the link went' },
    { ...ended, reason: 'a panic' },
  ]).suites;
  t.deepEqual(
    board?.tests.map(({ name, reason, ms }) => ({ name, reason, ms })),
    [{ name: 'good', reason: 'a panic', ms: 1000 }],
  );
});
