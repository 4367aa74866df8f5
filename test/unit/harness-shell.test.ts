// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import fc from 'fast-check';
import { quoteWords } from '../../scripts/lib/base/process/quote.ts';
import { frameCommand, timedOutCode } from '../../scripts/lib/board/ssh/remote-command.ts';
import { test } from './together.ts';

const sh = (command: string, input = '') => execa('sh', ['-c', command], { reject: false, input });

test('any words arrive at the other side of a shell as they are', async (t) => {
  const word = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), async (words) => {
      const { stdout } = await sh(quoteWords(['printf', '%s\\0', ...words]));
      return stdout === words.map((one) => `${one}\0`).join('');
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test('a framed command keeps its input, output and exit code', async (t) => {
  const result = await sh(frameCommand('cat; echo problem >&2; exit 7', 600_000), 'hello');
  t.is(result.stdout, 'hello');
  t.is(result.stderr, 'problem');
  t.is(result.exitCode, 7);
});

test('a framed command that takes too long is ended with all its children', async (t) => {
  const started = Date.now();
  const result = await sh(frameCommand('sleep 600 & sleep 600; echo never', 300));
  t.is(result.exitCode, timedOutCode);
  t.is(result.stdout, '');
  // If a child had been left, it would have held stdout open.
  t.true(Date.now() - started < 300_000);
});

test('a framed command that a signal ends is 128 + n', async (t) => {
  t.is((await sh(frameCommand('kill -9 $$', undefined))).exitCode, 137);
});
