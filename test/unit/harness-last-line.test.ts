// SPDX-License-Identifier: MIT
/** The last line is about all tests that there are, even when ava itself ends before they have run. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { Outputs } from '../../scripts/lib/base/record/outputs.ts';
import { runAva } from '../../scripts/lib/run/tests/ava.ts';
import { filesVariable, togetherFile } from '../../scripts/lib/run/tests/together.ts';
import { test } from '../together/counted.ts';
import { inTree } from './native.ts';
import { temporary } from './temporary.ts';

const settings = {
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  concurrency: 1,
};

/** A checkout with these files of tests, which use ava as ours do. */
function checkout(files: Readonly<Record<string, string>>): string {
  const root = temporary('checkout');
  symlinkSync(inTree('node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', ava: settings }));
  mkdirSync(join(root, 'test'));
  for (const name of ['scripts', 'test/together']) symlinkSync(inTree(name), join(root, name));
  mkdirSync(join(root, 'test/unit'));
  symlinkSync(inTree('test/unit/together.ts'), join(root, 'test/unit/together.ts'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'test/unit', `${name}.test.ts`), text);
  return root;
}

async function ran(root: string, files: readonly string[], shared: readonly string[] = [], grep?: string) {
  const outcomes = await runAva({
    root,
    suite: 'unit',
    files: files.map((name) => (name === togetherFile ? name : `test/unit/${name}.test.ts`)),
    env: { [filesVariable]: JSON.stringify(shared.map((name) => resolve(root, `test/unit/${name}.test.ts`))) },
    grep,
    outputs: new Outputs(root, 'test'),
    signal: new AbortController().signal,
    step: { ...quiet, progress: () => undefined, fail: () => undefined },
  });
  return outcomes.map(({ name, status }) => `${status}: ${name}`).sort();
}

const own = `import { test } from '../together/counted.ts';`;
const never = (title: string) => `test.serial('${title}', (t) => t.fail());`;
/** ava itself ends when a test does this, while it writes TAP about it. */
const exits = `test.serial('exits', () => process.exit());`;
const killsAva = `test.serial('kills', () => { process.kill(process.ppid, 'SIGKILL'); return new Promise(() => {}); });`;

test('tests of a file that ava came to, and of one that it did not, are counted when ava crashes', async (t) => {
  const root = checkout({
    first: `${own} test.before(() => {}); test.serial('runs # and "says" so', (t) => t.pass()); ${exits} ${never('late')}`,
    second: `${own} test.after.always(() => {}); test('neither', (t) => t.fail());`,
  });
  t.deepEqual(await ran(root, ['first', 'second']), [
    'failed: the test run as a whole',
    'passed: first › runs # and "says" so',
    'skipped: first › exits',
    'skipped: first › late',
    'skipped: second › neither',
  ]);
});

test('ava that is killed before any test has ended is a failure, and those that were asked for are counted', async (t) => {
  const root = checkout({ first: `${own} ${killsAva} ${never('kills time')} ${never('late')}` });
  t.deepEqual(await ran(root, ['first'], [], 'kills'), [
    'failed: the test run as a whole',
    'skipped: first › kills',
    'skipped: first › kills time',
  ]);
});

test('files that share a process are counted, too', async (t) => {
  const shared = `import { test } from './together.ts'; test.serial('a sum', (t) => t.is(1 + 1, 2)); ${exits}`;
  t.deepEqual(await ran(checkout({ shared }), [togetherFile], ['shared']), [
    'failed: the test run as a whole',
    'passed: shared › a sum',
    'skipped: shared › exits',
  ]);
});

test('of a run that ends as it should, each test is counted once, and a part without one asked for is empty', async (t) => {
  const root = checkout({
    first: `${own} test('passes # and "says" so', (t) => t.pass()); test.skip('later', () => {});`,
    second: `${own} test(' a \\\\ and  more ', (t) => t.pass());`,
  });
  t.deepEqual(await ran(root, ['first', 'second']), [
    'passed: first › passes # and "says" so',
    'passed: second › a \\ and more',
    'skipped: first › later',
  ]);
  t.deepEqual(await ran(root, ['first', 'second'], [], 'nothing has this'), []);
});
