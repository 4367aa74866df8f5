// SPDX-License-Identifier: MIT
// The list of ways to forget a synchronisation must fit the driver and the scenarios as they are. This needs no board.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../scripts/lib/base/failure/failure.ts';
import { applied, listMutations } from '../../scripts/lib/run/caches/mutations.ts';
import { test } from './together.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('each mutation changes the driver where it says', async (t) => {
  const mutations = await listMutations(root);
  t.true(mutations.length > 0);
  for (const mutation of mutations) {
    const files = await applied(mutation, root);
    t.is(files.size, new Set(mutation.changes.map(({ file }) => file)).size);
    for (const [path, text] of files) t.not(text, await readFile(`${root}/${path}`, 'utf8'), mutation.name);
  }
  const names = mutations.map(({ name }) => name);
  t.deepEqual(names, [...new Set(names)], 'each has a name of its own');
});

test('each mutation names a scenario that is there, and each scenario catches one', async (t) => {
  const text = await readFile(`${root}/test/board/caches.test.ts`, 'utf8');
  const titles = [...text.matchAll(/cacheTest\(\s*(['"])(.*)\1,/g)].map(([, , title]) => title);
  const catching = new Set((await listMutations(root)).map(({ caughtBy }) => caughtBy));
  for (const title of catching) t.true(titles.includes(title), title);
  t.deepEqual(
    titles.filter((title) => title !== undefined && !catching.has(title)),
    [],
  );
});

test('a mutation whose place is no longer there says what to mend', async (t) => {
  const gone = {
    name: 'x',
    caughtBy: 'y',
    changes: [{ file: 'kernel/transfer.c', from: 'no such line\n', to: '' }] as const,
  };
  const failure = await t.throwsAsync(applied(gone, root), { instanceOf: Failure });
  t.is(failure.message, 'kernel/transfer.c has the text of "x" 0 times:\nno such line');
  t.is(failure.remedy, 'write into test/board/mutations.yaml what the driver says there now');
});
