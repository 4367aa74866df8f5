// SPDX-License-Identifier: MIT
/** Several boards in one run: one process for each, and one result. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeKeyPair } from '../../scripts/lib/board/ssh/key-pair.ts';
import { lastingPort } from '../../scripts/lib/emulated/stand-in/port.ts';
import { run } from './fixture/harness.ts';
import { test } from '../together/counted.ts';

const title = 'a stream of 4 buffers of 1 MiB: every word right, nothing lost';
const emulated = { emulated: '6.1' };

let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-several-'));
});
test.after.always(() => rm(directory, { recursive: true, force: true }));
test.beforeEach((t) => t.timeout(400_000));

async function inventory(boards: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(directory, 'boards.yaml');
  const all = { boards: { ...boards }, groups: { rack: Object.keys(boards) } };
  await writeFile(path, stringify(all, { lineWidth: 0 }));
  return path;
}

/** A board that is not there. */
async function absent() {
  const port = await lastingPort(directory);
  const { privateKey: key } = await makeKeyPair(join(directory, 'key'), 'a board that is not there');
  return { host: '127.0.0.1', port, key, 'host-key': `SHA256:${'A'.repeat(43)}`, kernel: '6.1', firmware: 'stm32mp15' };
}

test.serial('two boards have their tests side by side, and one report', async (t) => {
  const boards = await inventory({ one: emulated, two: emulated });
  const ended = await run('hil', '--boards', boards, '--board', 'one', '--board', 'two', '--grep', title);
  t.is(ended.exitCode, 0, ended.failure?.message);
  t.is(ended.lastLine, '2 passed, 0 failed, 0 skipped');
  const junit = await readFile(join(ended.logs, 'junit.xml'), 'utf8');
  for (const name of ['one', 'two']) t.regex(junit, new RegExp(`<testcase classname="${name}[^"]*" name="${title}"`));
});

test.serial(
  'a board of a group that is not there costs the others nothing, and is what the exit code tells',
  async (t) => {
    const boards = await inventory({ one: emulated, gone: await absent() });
    const ended = await run('hil', '--boards', boards, '--board', 'rack', '--grep', title);
    t.is(ended.exitCode, 4);
    t.is(ended.lastLine, '1 passed, 1 failed, 1 skipped');
    const junit = await readFile(join(ended.logs, 'junit.xml'), 'utf8');
    t.regex(junit, /<testcase classname="one/);
    t.regex(junit, /<testcase classname="gone/);
  },
);
