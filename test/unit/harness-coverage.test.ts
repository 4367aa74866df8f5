// SPDX-License-Identifier: MIT
/** How `npm run sanitize` judges the driver's coverage. */

import { assess, coverageOutcome } from '../../scripts/lib/run/sanitize/coverage-report.ts';
import type { Reason } from '../../scripts/lib/run/sanitize/uncovered-reasons.ts';
import { test } from './together.ts';

const source = [
  'static int first(int a)',
  '{',
  '\tif (a)',
  '\t\treturn -ENOMEM;',
  '\treturn 0;',
  '}',
  '',
  'static int second(int a,',
  '\t\t  int b)',
  '{',
  '\treturn -ENOMEM;',
  '}',
];

/** Coverage with a hundred lines that ran, and the given lines, which did not. */
function coverageWithout(...lines: readonly number[]) {
  const ran = Array.from({ length: 100 }, (_, at): [number, number] => [1000 + at, 1]);
  return [
    { file: 'kernel/one.c', source, lines: new Map([...ran, ...lines.map((line): [number, number] => [line, 0])]) },
  ];
}

const reason = (about: string): Reason => ({ file: 'kernel/one.c', about, why: `because of ${about}` });

function verdict(lines: readonly number[], reasons: readonly Reason[]): string {
  const { status, reason: why } = coverageOutcome(assess(coverageWithout(...lines), reasons), 'board', '/');
  return why ?? status;
}

test('a line that did not run needs a reason: its own, its text, or its function', (t) => {
  t.is(verdict([], []), 'passed');
  t.regex(verdict([4], []), /1 lines miss/);
  for (const about of ['first()', 'return -ENOMEM;', 'first(): return -ENOMEM;'])
    t.is(verdict([4], [reason(about)]), 'passed');
  t.regex(verdict([4], [reason('second()')]), /1 lines miss .* 1 reasons/);
  t.regex(verdict([4, 11], [reason('second(): return -ENOMEM;')]), /1 lines miss/);
  t.is(verdict([4, 11], [reason('return -ENOMEM;')]), 'passed');
});

test("a function's head belongs to it, not to the function before", (t) => {
  t.is(verdict([8], [reason('second()')]), 'passed');
});

test('a reason that no line needs any more is a failure', (t) => {
  t.regex(verdict([], [reason('first()')]), /1 reasons are about lines that ran/);
});

test('a line that runs at times keeps its reason, as long as there is such a line', (t) => {
  const atTimes = (about: string): Reason => ({ ...reason(about), why: 'at times: a race' });
  t.is(verdict([4], [atTimes('first(): return -ENOMEM;')]), 'passed');
  const ran = [{ file: 'kernel/one.c', source, lines: new Map([[4, 1]]) }];
  const judged = (about: string) => assess(ran, [atTimes(about)]).unneeded.length;
  t.is(judged('first(): return -ENOMEM;'), 0);
  t.is(judged('first(): return -EINVAL;'), 1);
});

test('below 95 % no reason helps', (t) => {
  const coverage = [
    {
      file: 'kernel/one.c',
      source,
      lines: new Map([
        [3, 1],
        [4, 0],
        [5, 1],
      ]),
    },
  ];
  const { status, reason: why } = coverageOutcome(assess(coverage, [reason('first()')]), 'board', '/');
  t.is(status, 'failed');
  t.regex(why ?? '', /^66\.7 %/);
});
