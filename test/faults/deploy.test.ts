// SPDX-License-Identifier: MIT
/**
 * What goes wrong before any test runs: the failure's class and kind, how soon it is noticed, and what is left on the
 * board.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Lab, setUpMs } from './fixture/lab.ts';
import { root } from './fixture/harness.ts';
import { test } from '../together/counted.ts';

let lab: Lab;

test.before(async (t) => {
  t.timeout(setUpMs);
  lab = await Lab.open();
  const ready = await lab.run('deploy');
  t.is(ready.exitCode, 0, ready.failure?.message);
});
test.after.always(() => lab.close());
test.beforeEach((t) => t.timeout(300_000));

/** What the board holds and runs. It is the same before and after an attempt that fails. */
const state = () =>
  lab.sh(
    'cd /var/lib/rpmsg-sdb && ls && sha256sum * /lib/firmware/*; cat /sys/module/rpmsg_sdb/srcversion; ' +
      'cat /sys/class/remoteproc/remoteproc0/state; ls /dev/rpmsg_sdb',
  );

test.serial('a wrong host key is an error of its own, at once, and nothing is sent', async (t) => {
  const before = await state();
  const ended = await lab.run('deploy', { 'host-key': `SHA256:${'A'.repeat(43)}` });
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'host-key' } });
  t.is(await state(), before);
});

test.serial('a kernel that the driver was not built for is refused before anything is touched', async (t) => {
  const before = await state();
  const ended = await lab.run('deploy', { kernel: '6.12' });
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'wrong-kernel' } });
  t.is(await state(), before);
});

test.serial("ST's driver for the same channel is refused, and one command lets the board have ours", async (t) => {
  await lab.sh('mkdir -p /lib/modules/$(uname -r)/extra && touch /lib/modules/$(uname -r)/extra/stm32_rpmsg_sdb.ko');
  const before = await state();
  const ended = await lab.run('deploy');
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'other-driver' } });
  t.is(await state(), before);
  const [, command = ''] = / -- ('.*)$/.exec(ended.failure?.remedy ?? '') ?? [];
  await lab.sh(`sh -c ${command}`);
  t.is((await lab.run('deploy')).exitCode, 0);
  await lab.sh('rm /lib/modules/$(uname -r)/extra/stm32_rpmsg_sdb.ko /etc/modprobe.d/rpmsg_sdb.conf');
});

for (const [tool, says] of [
  ['md5sum', /has no md5sum/],
  ['timeout', /it has no timeout/],
] as const) {
  test.serial(`a board without ${tool} is told so before anything is touched, and doctor names it`, async (t) => {
    const before = await state();
    const path = await lab.sh(`p=$(command -v ${tool}) && mv $p $p.away && echo $p`);
    const ended = await lab.run('deploy');
    t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'tools' } });
    t.regex(ended.failure?.message ?? '', says);
    const told = await lab.run('doctor');
    t.is(told.exitCode, 4);
    t.regex(told.failure?.message ?? '', new RegExp(`first of all tools: no ${tool}$`));
    await lab.sh(`mv ${path}.away ${path}`);
    t.is(await state(), before);
  });
}

test.serial('a full disk is noticed before anything is touched', async (t) => {
  await lab.sh('rm /var/lib/rpmsg-sdb/agent; dd if=/dev/zero of=/var/lib/fill bs=1M; sync');
  const before = await state();
  const ended = await lab.run('deploy');
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'disk-full' } });
  t.is(await state(), before);
  await lab.sh('rm /var/lib/fill');
  t.is((await lab.run('deploy')).exitCode, 0);
});

test.serial('a disk with some blocks left that only root may have is as full as any', async (t) => {
  await lab.sh(
    'rm /var/lib/rpmsg-sdb/agent; dd if=/dev/zero of=/var/lib/fill bs=1M; truncate -s -512K /var/lib/fill; sync',
  );
  const before = await state();
  const ended = await lab.run('deploy');
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'disk-full' } });
  t.is(await state(), before);
  await lab.sh('rm /var/lib/fill');
  t.is((await lab.run('deploy')).exitCode, 0);
});

test.serial('doctor, and a profile that speaks: it is named, and nothing is taken for an answer', async (t) => {
  await lab.sh('echo "echo Welcome; echo mind the step >&2" > /root/.bashrc');
  const told = await lab.run('doctor');
  t.is(told.exitCode, 0, told.failure?.message);
  const findings = told.events.flatMap(
    (event) => (event['findings'] as { what: string; detail: string }[] | undefined) ?? [],
  );
  t.regex(findings.find(({ what }) => what === 'login shell')?.detail ?? '', /\.bashrc prints "Welcome"/);
  await lab.sh('rm /root/.bashrc');
});

test.serial('firmware that hangs is missing, whatever remoteproc says, and the remedy mends it', async (t) => {
  t.is((await lab.run('board', {}, 'coprocessor', 'hang')).exitCode, 0);
  const told = await lab.run('doctor');
  t.is(told.exitCode, 4);
  t.regex(told.failure?.message ?? '', /first of all firmware/);
  t.is((await lab.run('deploy')).exitCode, 0);
  t.is((await lab.run('doctor')).exitCode, 0);
});

test.serial(
  'a cable that is pulled out during an upload is noticed within 5 s, and the next run cleans up',
  async (t) => {
    await lab.sh('rm /var/lib/rpmsg-sdb/agent');
    const before = await state();
    const deploying = await lab.start('deploy');
    await deploying.stepStarted('upload');
    lab.cable.pullAfter(200_000);
    const ended = await deploying.ended;
    t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'link' } });
    lab.cable.mend();
    t.is((await state()).replaceAll(/^.*\.new\S*\n/gm, ''), before);
    const again = await lab.run('deploy', {}, '--wait');
    t.is(again.exitCode, 0, again.failure?.message);
    t.is(await lab.sh('ls /var/lib/rpmsg-sdb'), 'agent\nrpmsg_sdb.ko');
  },
);

test.serial('firmware that never announces itself: what ran before runs again', async (t) => {
  const before = await state();
  const firmware = await readFile(join(root, 'out/build/rpmsg-sdb-test.elf'), 'latin1');
  const mute = join(root, 'out/build/announces-nothing.elf');
  await writeFile(mute, firmware.replaceAll('rpmsg-sdb-channel', 'rpmsg-xyz-channel'), 'latin1');
  const ended = await lab.run('deploy', { firmware: mute });
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'announce' } });
  t.regex(ended.failure?.message ?? '', /is loaded again|runs again/);
  t.is(await state(), before);
});

test.serial('a driver that does not load: what ran before runs again', async (t) => {
  const before = await state();
  // This insmod refuses once what it is to load, as a kernel does that lacks a symbol.
  await lab.sh(
    'mv /sbin/insmod /sbin/insmod.own && printf "#!/bin/sh\\nmv /sbin/insmod.own /sbin/insmod\\necho Unknown symbol >&2\\nexit 1\\n" >/sbin/insmod && chmod 755 /sbin/insmod',
  );
  const ended = await lab.run('deploy');
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'load' } });
  t.regex(ended.failure?.message ?? '', /Unknown symbol[^]*is loaded again/);
  t.is(await state(), before);
});

test.serial('an installed driver is there after a restart, and gone after the command that undoes it', async (t) => {
  const installed = await lab.run('deploy', {}, '--persist');
  t.is(installed.exitCode, 0, installed.failure?.message);
  const srcversion = await lab.sh('cat /sys/module/rpmsg_sdb/srcversion');
  const loaded = 'cat /sys/module/rpmsg_sdb/srcversion 2>/dev/null || echo none';
  const startsAnew = async () => {
    await lab.restart();
    t.is((await lab.run('board', {}, 'coprocessor', 'start')).exitCode, 0);
    // udev loads the driver. It has done so when it has nothing more to do.
    return lab.sh(`udevadm settle; ${loaded}`);
  };
  t.is(await startsAnew(), srcversion);
  const undo = String(installed.events.find((event) => event['undo'] !== undefined)?.['undo']);
  await execa('sh', ['-c', undo], { cwd: root });
  t.is(await startsAnew(), 'none');
  t.is((await lab.run('deploy')).exitCode, 0);
});

test.serial('a board that is held by another run says by which, and --wait waits for it', async (t) => {
  const first = await lab.start('hil', {}, '--grep', 'every word right');
  await first.stepStarted('deploy');
  const second = await lab.run('deploy');
  t.like(second, { exitCode: 4, failure: { class: 'board', kind: 'busy' } });
  t.regex(second.failure?.message ?? '', new RegExp(`hil .*process ${first.pid}, since \\d{4}-`));
  const third = await lab.run('deploy', {}, '--wait');
  t.is((await first.ended).exitCode, 0);
  t.is(third.exitCode, 0, third.failure?.message);
});

test.serial('a module that the kernel refuses: the board is as it was', async (t) => {
  await lab.restart();
  await lab.sh('echo 1 > /proc/sys/kernel/modules_disabled');
  const before = await lab.sh('sha256sum /var/lib/rpmsg-sdb/*');
  const ended = await lab.run('deploy');
  t.like(ended, { exitCode: 4, failure: { class: 'board', kind: 'load' } });
  t.is(await lab.sh('sha256sum /var/lib/rpmsg-sdb/*'), before);
  await lab.restart();
  t.is((await lab.run('deploy')).exitCode, 0);
});
