// SPDX-License-Identifier: MIT
/**
 * What a LAVA job's test script hands to LAVA. A program stands for LAVA's own, and writes down what it is called with.
 */
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { Lab, setUpMs } from './fixture/lab.ts';
import { root } from './fixture/harness.ts';
import { test } from '../together/counted.ts';

let lab: Lab;
let directory: string;

test.before(async (t) => {
  t.timeout(setUpMs);
  directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-lava-'));
  const program = join(directory, 'lava-test-case');
  await writeFile(program, `#!/bin/sh\necho "$(basename "$0") $*" >>${join(directory, 'calls')}\n`);
  await chmod(program, 0o755);
  await symlink(program, join(directory, 'lava-test-raise'));
  lab = await Lab.open();
});
test.after.always(async () => {
  await lab.close();
  await rm(directory, { recursive: true, force: true });
});
test.beforeEach(async (t) => {
  t.timeout(400_000);
  await writeFile(join(directory, 'calls'), '');
});

/** The exit code, and what LAVA was told, one call a line. */
async function report(changes: Readonly<Record<string, unknown>>, ...words: readonly string[]) {
  const script = join(root, '.ci/lava/report');
  const PATH = [directory, process.env['PATH'] ?? ''].join(delimiter);
  const { exitCode } = await execa(script, [lab.name, await lab.inventory(changes), ...words], {
    env: { PATH },
    stdin: 'ignore',
    reject: false,
  });
  return { exitCode, calls: (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n') };
}

test.serial('each test is a test case by its name, and the throughput one with a unit', async (t) => {
  const { exitCode, calls } = await report({}, '--grep', 'every word right');
  t.is(exitCode, 0);
  t.deepEqual(calls.slice(0, -1), [
    'lava-test-case transfers-a-stream-of-4-buffers-of-1-MiB-every-word-right-nothing-lost --result pass',
    'lava-test-case transfers-a-stream-as-fast-as-the-coprocessor-can-every-fill-is-counted-every-word-right-or-from-a-later-fill --result pass',
  ]);
  t.regex(calls.at(-1) ?? '', /^lava-test-case throughput --result pass --measurement \d+(\.\d+)? --units MiB\/s$/);
});

test.serial('a skipped test is a skipped test case', async (t) => {
  const { calls } = await report({}, '--grep', 'vivid');
  t.true(calls.length > 1);
  for (const call of calls.slice(0, -1)) t.regex(call, /the-board-has-no-(\S+-)?vivid --result skip$/);
});

test.serial('a board that cannot be reached is no failed test but an error of the lab', async (t) => {
  const { exitCode, calls } = await report({ 'host-key': `SHA256:${'A'.repeat(43)}` });
  t.is(exitCode, 4);
  t.regex(calls.at(-1) ?? '', /^lava-test-raise the harness ended with exit code 4: see \S+$/);
  t.false(calls.some((call) => call.includes('throughput')));
});
