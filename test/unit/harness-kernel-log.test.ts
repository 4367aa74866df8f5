// SPDX-License-Identifier: MIT
import { aboveNotice, findFaults, firstFaultLine, isFault } from '../../scripts/lib/board/link/kernel-log.ts';
import { test } from './together.ts';

const faults = [
  '------------[ cut here ]------------',
  'WARNING: CPU: 0 PID: 143 at kernel/dma/mapping.c:528 dma_alloc_attrs+0x1c/0x20',
  'BUG: sleeping function called from invalid context at mm/page_alloc.c:5000',
  'Internal error: Oops: 5 [#1] SMP ARM',
  '8<--- cut here ---',
  'Unable to handle kernel NULL pointer dereference at virtual address 00000010',
  'Kernel panic - not syncing: kernel: panic_on_warn set ...',
  'INFO: task sh:123 blocked for more than 120 seconds.',
  'rcu: INFO: rcu_sched self-detected stall on CPU',
  'watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [agent:140]',
  'BUG: KASAN: slab-use-after-free in sdb_release+0x10/0x40',
  'WARNING: possible circular locking dependency detected',
  'refcount_t: underflow; use-after-free.',
  'kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)',
  '[   12.345678] WARNING: CPU: 0 PID: 1 at foo',
  '[   12.345678][  T143] Internal error: Oops: 17 [#1] SMP ARM',
];

for (const text of faults) test(`a fault: ${text}`, (t) => t.true(isFault(text)));

const harmless = [
  'remoteproc remoteproc0: crash detected in m4: type watchdog',
  'remoteproc remoteproc0: handling crash #1 in m4',
  'virtio_rpmsg_bus virtio1: creating channel rpmsg-sdb-channel addr 0x400',
  'rpmsg_sdb: loading out-of-tree module taints kernel.',
  'rpmsg_sdb virtio1.rpmsg-sdb-channel.-1.1024: malformed message dropped',
  'remoteproc remoteproc0: remote FW shutdown without ack',
  'kmemleak: 0 new suspected memory leaks',
  'debug: warnings are not faults',
  'WARNING: lockdep is turned off.'.replace('WARNING', 'INFO'),
];

for (const text of harmless) test(`no fault: ${text}`, (t) => t.false(isFault(text)));

const record = (seq: number, level: number, text: string) => ({ seq, level, us: seq * 1000, text });

test('of records, the faults are found whatever their level', (t) => {
  const records = [record(1, 6, 'all well'), record(2, 4, 'WARNING: CPU: 0 PID: 1 at x'), record(3, 0, 'Oops')];
  t.deepEqual(
    findFaults(records).map((one) => one.seq),
    [2, 3],
  );
});

test('the summary counts what is above notice', (t) => {
  const records = [record(1, 5, 'notice'), record(2, 4, 'warning'), record(3, 3, 'error'), record(4, 7, 'debug')];
  t.deepEqual(
    aboveNotice(records).map((one) => one.seq),
    [2, 3],
  );
});

test('of a console, the line that says what happened is shown, not the ones around it', (t) => {
  const text = [
    '[    2.0] remoteproc remoteproc0: m4 is available',
    '[   30.1] ------------[ cut here ]------------',
    '[   30.1] WARNING: CPU: 0 PID: 1 at drivers/x.c:1 x+0x0',
    '[   30.2] Kernel panic - not syncing: kernel: panic_on_warn set ...',
  ].join('\r\n');
  t.regex(firstFaultLine(text) ?? '', /drivers\/x\.c/);
  t.is(firstFaultLine('all well\n'), undefined);
});
