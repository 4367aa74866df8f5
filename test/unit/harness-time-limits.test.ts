// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { glob } from 'zx';
import { test } from './together.ts';

const root = new URL('../..', import.meta.url).pathname;

test('no test takes more time for itself than ava has until it breaks off and loses count', async (t) => {
  const { ava } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { ava: { timeout: string } };
  const idleMs = Number(ava.timeout.replace(/m$/, '')) * 60_000;
  const files = await glob('test/{unit,faults}/**/*.ts', { cwd: root });
  const limits = files.flatMap((file) =>
    [...readFileSync(`${root}/${file}`, 'utf8').matchAll(/\b(?:timeout\(|setUpMs = )([\d_]+)/g)].map(
      ([, number = '']) => ({ file, ms: Number(number.replaceAll('_', '')) }),
    ),
  );
  t.true(limits.length > 8);
  t.deepEqual(
    limits.filter(({ ms }) => !(ms < idleMs)),
    [],
  );
});
