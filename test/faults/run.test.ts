// SPDX-License-Identifier: MIT
/**
 * What goes wrong while tests run. It fails the test that it happened in, the rest runs, and the harness leaves
 * nothing behind.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from './fixture/harness.ts';
import { Lab, setUpMs } from './fixture/lab.ts';
import { test } from '../together/counted.ts';

let lab: Lab;

test.before(async (t) => {
  t.timeout(setUpMs);
  lab = await Lab.open();
});
test.after.always(() => lab.close());
test.beforeEach((t) => t.timeout(400_000));

/** Two tests of one file. The first takes a while. */
const grep = 'every word right';
const victim = 'a stream of 4 buffers of 1 MiB: every word right, nothing lost';

/** Does something to the board once the victim runs. */
async function during(work: (running: Running) => Promise<void> | void, changes = {}) {
  const running = await lab.start('hil', changes, '--grep', grep);
  await running.testStarted(lab.name, victim);
  await work(running);
  return running.ended;
}

test.serial('a panic fails the test it happened in, and the rest runs after the power was off', async (t) => {
  const ended = await during(() => lab.wreck('echo c > /proc/sysrq-trigger'));
  t.is(ended.exitCode, 5);
  t.like(ended.failure, { class: 'kernel' });
  t.is(ended.failedTests.length, 1);
  t.regex(ended.lastLine, /^\d+ passed, 1 failed/);
});

test.serial('a board that hangs while its network lives is noticed and switched off and on', async (t) => {
  const ended = await during(() => lab.wreck('sleep 0.5; kill -STOP $(pidof sshd)'));
  t.is(ended.exitCode, 4);
  t.like(ended.failure, { class: 'board', kind: 'link' });
  t.is(ended.failedTests.length, 1);
});

test.serial('a restart behind the back of the harness fails the test it happened in', async (t) => {
  const ended = await during(() => lab.wreck('echo b > /proc/sysrq-trigger'));
  t.is(ended.exitCode, 4);
  t.like(ended.failure, { class: 'board', kind: 'reboot' });
  t.is(ended.failedTests.length, 1);
});

test.serial('a cable that is pulled and plugged in again costs a retry, and no test', async (t) => {
  const ended = await during(() => {
    lab.cable.pull();
    setTimeout(() => lab.cable.mend(), 6000);
  });
  t.is(ended.exitCode, 0, ended.failedTests[0]?.reason);
  t.is(ended.retries.length, 1);
});

// Ctrl-Z at a terminal does this, and so does a laptop that sleeps: nobody gives the lock a sign of life.
test.serial(
  'a harness that is stopped until its lock has fallen tests nothing meanwhile, says so, and goes on with it',
  async (t) => {
    const stopped = { from: 0, until: 0 };
    const ended = await during(async (running) => {
      running.kill('SIGSTOP');
      stopped.from = Date.now();
      while ((await lab.sh('cat /tmp/rpmsg-sdb.lock.holder 2>/dev/null || :')) !== '') await sleep(500);
      stopped.until = Date.now();
      running.kill('SIGCONT');
    });
    t.is(ended.exitCode, 0, ended.failedTests[0]?.reason);
    t.is(ended.retries.length, 1);
    t.regex(ended.retries[0] ?? '', /lost the lock of \S+: 2\d s since its last answer; "[^"]+" runs again/);
    t.regex(ended.lastLine, /^2 passed, 0 failed/);
    // A test that is just beginning or ending may still say so.
    const meanwhile = ended.testTimes(lab.name).filter((at) => at > stopped.from + 1000 && at < stopped.until);
    t.deepEqual(meanwhile, []);
  },
);

test.serial('a console command that dies is started again, said, and no reason to fail', async (t) => {
  const ended = await lab.run('hil', { console: 'echo plugged in; exit 3' }, '--grep', victim);
  t.is(ended.exitCode, 0, ended.failure?.message);
  t.true(ended.retries.some((text) => text.includes('console command ended with 3')));
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGKILL', 137],
] as const) {
  test.serial(`${signal} at any moment leaves the board free and nothing running`, async (t) => {
    // What is killed cannot remove its temporary files. They go with their folder.
    const temporary = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-killed-'));
    t.teardown(() => rm(temporary, { recursive: true }));
    const env: Record<string, string> = signal === 'SIGKILL' ? { TMPDIR: temporary } : {};
    const { ms } = await lab.run('hil', {}, '--grep', victim);
    for (let i = 0; i < 3; i++) {
      const running = await lab.startIn(env, 'hil', {}, '--grep', victim);
      // Not in the last moments: a run on a host that has become idle may be over by then.
      await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * (ms / 2)));
      running.kill(signal);
      t.is((await running.ended).exitCode, code);
      const until = Date.now() + 10_000;
      while ((await lab.processes()).length > 0 && Date.now() < until) await new Promise((r) => setTimeout(r, 200));
      t.deepEqual(await lab.processes(), []);
    }
    const next = await lab.run('hil', {}, '--grep', victim);
    t.is(next.exitCode, 0, next.failure?.message);
  });
}
