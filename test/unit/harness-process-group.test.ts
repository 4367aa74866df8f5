// SPDX-License-Identifier: MIT
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { startGroup } from '../../scripts/lib/base/process/process-group.ts';
import { test } from '../together/counted.ts';

/** A number of seconds that nobody else sleeps for. */
const ownSeconds = () => `29${Math.floor(Math.random() * 1e6)}`;

async function sleepers(seconds: string): Promise<number> {
  const { stdout } = await execa('pgrep', ['-c', '-f', `^sleep ${seconds}`], { reject: false });
  return Number(stdout);
}

async function begun(seconds: string, count: number): Promise<void> {
  while ((await sleepers(seconds)) < count) await sleep(20);
}

const module = new URL('../../scripts/lib/base/process/process-group.ts', import.meta.url).pathname;

test('a program that ends well hands over all it said, and its exit code', async (t) => {
  const group = startGroup(['sh', '-c', 'echo "$0"; echo problem >&2; exit 3', "it's"]);
  t.deepEqual(await Promise.all([text(group.stdout), text(group.stderr)]), ["it's\n", 'problem\n']);
  t.like(await group.ended, { exitCode: 3, signal: null, timedOut: false });
});

test('with the program ends what it has left in the background', async (t) => {
  const seconds = ownSeconds();
  await startGroup(['sh', '-c', `sleep ${seconds} & sleep ${seconds} & true`]).ended;
  t.is(await sleepers(seconds), 0);
});

test('what a hook leaves behind goes on where it may', async (t) => {
  const seconds = ownSeconds();
  await startGroup(['sh', '-c', `sleep ${seconds} >/dev/null 2>&1 & true`], { leavesBehind: true }).ended;
  t.is(await sleepers(seconds), 1);
  await execa('pkill', ['-f', `^sleep ${seconds}`]);
});

test('all of a group has ended once it was ended, who ignores it and who is stopped included', async (t) => {
  const seconds = ownSeconds();
  const group = startGroup(['sh', '-c', `trap "" TERM; sleep ${seconds} & sleep ${seconds} | cat`]);
  await begun(seconds, 2);
  await execa('pkill', ['-STOP', '-f', `^sleep ${seconds}`]);
  group.end();
  await group.ended;
  t.is(await sleepers(seconds), 0);
});

test.serial(
  'who has ended and is not asked how by its parent, which has left the group, is not waited for',
  async (t) => {
    const [seconds, parents] = [ownSeconds(), ownSeconds()];
    const parent = `(sleep ${seconds} & exec setsid sleep ${parents}) >/dev/null 2>&1 &`;
    const script = `${parent} until pgrep -f '^sleep ${parents}' >/dev/null; do :; done; date +%s%3N`;
    const group = startGroup(['sh', '-c', script]);
    const [done] = await Promise.all([text(group.stdout), group.ended]);
    t.true(Date.now() - Number(done) < 2900, 'who is waited for in vain is waited for 3 s');
    t.is(await sleepers(seconds), 0);
    await execa('pkill', ['-f', `^sleep ${parents}`]);
  },
);

test.serial('a time limit is one for the whole group', async (t) => {
  const seconds = ownSeconds();
  const before = Date.now();
  const ending = await startGroup(['sh', '-c', `sleep ${seconds} | cat`], { timeoutMs: 300 }).ended;
  t.true(ending.timedOut);
  t.true(Date.now() - before < 10_000);
  t.is(await sleepers(seconds), 0);
});

test('a group ends with its user, however that ends', async (t) => {
  const seconds = ownSeconds();
  const script = `import { startGroup } from '${module}'; startGroup(['sh', '-c', 'sleep ${seconds} & sleep ${seconds}']);`;
  const user = execa(process.execPath, ['--import=tsx/esm', '--input-type=module', '-e', script], { reject: false });
  await begun(seconds, 2);
  user.kill('SIGKILL');
  await user;
  for (const end = Date.now() + 5000; Date.now() < end && (await sleepers(seconds)) > 0;) await sleep(20);
  t.is(await sleepers(seconds), 0);
});

test('a group stops and goes on with its user', async (t) => {
  const seconds = ownSeconds();
  const script = `import { startGroup } from '${module}'; startGroup(['sleep', '${seconds}']);`;
  const user = execa(process.execPath, ['--import=tsx/esm', '--input-type=module', '-e', script], { reject: false });
  const state = async () =>
    (await execa('sh', ['-c', `ps -o stat= -p "$(pgrep -f '^sleep ${seconds}')"`])).stdout.slice(0, 1);
  await begun(seconds, 1);
  user.kill('SIGTSTP');
  while ((await state()) !== 'T') await sleep(20);
  user.kill('SIGCONT');
  while ((await state()) === 'T') await sleep(20);
  user.kill('SIGKILL');
  await user;
  t.pass();
});

test('a program that is not there is told as a shell does it', async (t) => {
  t.is((await startGroup(['/no/such/program']).ended).exitCode, 127);
});
