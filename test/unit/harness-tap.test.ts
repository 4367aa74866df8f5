// SPDX-License-Identifier: MIT
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { loadInventory } from '../../scripts/lib/board/inventory/load.ts';
import { tally, tallyLine, type TestOutcome } from '../../scripts/lib/run/report/outcome.ts';
import { worst } from '../../scripts/lib/base/failure/worst.ts';
import { reproduceTest } from '../../scripts/lib/run/report/reproduce.ts';
import { tapReader } from '../../scripts/lib/run/tests/tap.ts';
import { test } from './together.ts';

function read(text: string) {
  const seen: TestOutcome[] = [];
  const reader = tapReader('unit', (outcome) => seen.push(outcome));
  reader.parser.end(text);
  return { outcomes: reader.outcomes, problem: reader.problem(), seen };
}

const whole = `TAP version 13
ok 1 - file › works
not ok 2 - file › breaks
  ---
    name: AssertionError
    message: values differ
    values:
      'Difference (- actual, + expected):': |-
        - 1
        + 2
    at: 'file.test.ts:3:5'
  ...
ok 3 - file › later # SKIP no hardware
not ok 4 - file › some day # TODO

1..4
`;

test('a test is called by its file and its title, wherever ava has found the file', (t) => {
  const titles = ['title', 'file › title', 'folder › file › title', 'together › every-file › file › title'];
  const { outcomes } = read(`TAP version 13\n${titles.map((title, i) => `ok ${i + 1} - ${title}\n`).join('')}\n1..4\n`);
  t.deepEqual(
    outcomes.map(({ name }) => name),
    ['title', 'file › title', 'file › title', 'file › title'],
  );
});

test('tests are counted as they ended', (t) => {
  const { outcomes, problem, seen } = read(whole);
  t.is(problem, undefined);
  t.deepEqual(seen, outcomes);
  t.deepEqual(tally(outcomes), { passed: 1, failed: 1, skipped: 2 });
  t.is(tallyLine(tally(outcomes)), '1 passed, 1 failed, 2 skipped');
});

test('a failed test says why and where', (t) => {
  const failed = read(whole).outcomes.find((outcome) => outcome.status === 'failed');
  t.is(failed?.name, 'file › breaks');
  t.regex(failed?.reason ?? '', /values differ[^]*- 1\n\+ 2[^]*file\.test\.ts:3:5/);
});

test('what was thrown is told once', (t) => {
  const diagnostics = "    message: went wrong\n    values:\n      'went wrong. Reason:': 'Error { x }'";
  const [failed] = read(`TAP version 13\nnot ok 1 - a\n  ---\n${diagnostics}\n  ...\n1..1\n`).outcomes;
  t.is(failed?.reason, 'went wrong. Reason: Error { x }');
});

test('a stream that breaks off is a problem, however well it went so far', (t) => {
  t.not(read('TAP version 13\nok 1 - a\nok 2 - b\n').problem, undefined);
  t.not(read('TAP version 13\nok 1 - a\n1..3\n').problem, undefined);
  t.not(read('').problem, undefined);
  t.not(read('TAP version 13\nok 1 - a\nBail out! the board is gone\n').problem, undefined);
});

test('a failed test is run again by a command of its own', async (t) => {
  const base = { name: "mmap › it's there", status: 'failed' } as const;
  t.is(
    reproduceTest({ ...base, suite: 'emulated-6.12' }),
    String.raw`npm test -- --only board --kernel 6.12 --grep 'it'\''s there'`,
  );
  const onCaches = { suite: 'emulated-6.12-caches' } as const;
  t.is(
    reproduceTest({ ...onCaches, name: 'caches › b' }),
    'npm test -- --caches --kernel 6.12 --grep b',
    'lines come and go as these need it',
  );
  t.is(
    reproduceTest({ ...onCaches, name: 'mmap › b' }),
    'npm test -- --only board --board emulated-6.12-caches --grep b',
  );
  t.is(reproduceTest({ ...base, suite: 'unit', name: 'message › a' }), 'npm test -- --only unit --grep a');
  t.is(reproduceTest({ ...base, suite: 'desk', name: 'a › b' }), 'npm run hil -- --board desk --grep b');
  // loadInventory() names its file to this process before it waits for anything. So no other test has named another one
  // yet.
  const loaded = loadInventory('.', { boards: 'boards.example.yaml' });
  t.is(
    reproduceTest({ ...base, suite: 'desk', name: 'a › b' }),
    'npm run hil -- --boards boards.example.yaml --board desk --grep b',
  );
  await loaded;
});

test('of several failures the kernel’s decides, then the board’s', (t) => {
  const classOf = (failure: Failure) => failure.failureClass;
  const failures = [new Failure('host', 'h'), new Failure('board', 'b'), new Failure('kernel', 'k')];
  t.is(worst(failures, classOf)?.failureClass, 'kernel');
  t.is(worst(failures.slice(0, 2), classOf)?.failureClass, 'board');
  t.is(worst([], classOf), undefined);
});
