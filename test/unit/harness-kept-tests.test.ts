// SPDX-License-Identifier: MIT
/** Tests that passed stand while nothing that they read has changed. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { quiet } from '../../scripts/lib/base/log/quiet.ts';
import { chipTrees, isAboutChip, keptOutcomes } from '../../scripts/lib/run/tests/chip-tests.ts';
import type { TestOutcome } from '../../scripts/lib/run/report/outcome.ts';
import { temporary } from './temporary.ts';
import { test } from './together.ts';

const outcome = (status: TestOutcome['status']): TestOutcome => ({ suite: 'unit', name: 'one', status });

test.serial(
  'tests that passed are not run again until what they read has changed; tests that failed are',
  async (t) => {
    const before = process.env['RPMSG_SDB_CACHE'];
    process.env['RPMSG_SDB_CACHE'] = temporary('cache');
    t.teardown(() => {
      if (before === undefined) delete process.env['RPMSG_SDB_CACHE'];
      else process.env['RPMSG_SDB_CACHE'] = before;
    });
    let runs = 0;
    const ask = (text: string, status: TestOutcome['status']) =>
      keptOutcomes(
        'unit/kept',
        () => Promise.resolve([text]),
        () => (runs++, Promise.resolve([outcome(status)])),
        quiet,
      );
    t.deepEqual(await ask('a', 'passed'), { outcomes: [outcome('passed')], areKept: false });
    t.deepEqual(await ask('a', 'passed'), { outcomes: [outcome('passed')], areKept: true });
    t.is(runs, 1);
    t.deepEqual(await ask('b', 'failed'), { outcomes: [outcome('failed')], areKept: false });
    t.deepEqual(await ask('b', 'passed'), { outcomes: [outcome('passed')], areKept: false });
    t.is(runs, 3);
    await ask('e', 'skipped');
    t.false((await ask('e', 'passed')).areKept, 'a test that did not run has not passed');
  },
);

test('the tests of the chip read nothing of the checkout but what they are kept for', async (t) => {
  const root = join(import.meta.dirname, '../..');
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.test.ts')).filter(isAboutChip);
  t.true(files.length > 5);
  const seen = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, 'utf8');
    const paths = [...text.matchAll(/'(\.\.?\/[^']*)'/g)].map(([, path = '']) => join(dirname(file), path));
    for (const path of paths.filter((one) => existsSync(one)))
      if (path.endsWith('.ts')) await follow(path);
      else seen.add(path);
  };
  for (const file of files) await follow(join(import.meta.dirname, file));
  const isNamed = (path: string) =>
    isAboutChip(path) || chipTrees.some((tree) => path === tree || path.startsWith(`${tree}/`));
  t.deepEqual(
    [...seen].map((file) => relative(root, file)).filter((path) => !isNamed(path)),
    [],
  );
});
