// SPDX-License-Identifier: MIT
// The tool for people on the board, as they use it: its command lines, what they print, and their exit codes.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { patternBytes } from '../../scripts/lib/board/agent/pattern.ts';
import { patience } from '../../scripts/lib/board/inventory/patience.ts';
import { pull } from '../../scripts/lib/board/ssh/transfer.ts';
import { boardTest } from './fixture/board-test.ts';
import { installed, list, onBoard, sdbctl, untilOpen } from './fixture/sdbctl.ts';
import { until } from './fixture/until.ts';

const kib = 1024;

// holds: abi#memory-link, abi#memory-buffers
boardTest('list shows a channel, and who has it open with how much memory', async ({ t, coprocessor }) => {
  t.like((await list())[0], { name: 'rpmsg_sdb', buffers: 0, holders: [] });
  const capturing = sdbctl('capture --buffers 3 --size 8K --count 1 --idle 60 --quiet /tmp/sdbctl-1');
  await untilOpen(3);
  const [open] = await list();
  t.is(open?.['bytes'], 24 * kib);
  t.is(open?.holders[0]?.name, 'sdbctl');
  t.regex((await sdbctl('list')).stdout, /3 buffers, 24\.0 KiB.*\n.*open in +sdbctl/);
  await coprocessor.request('stream 8192 1 0');
  t.is((await capturing).code, 0);
});

boardTest('capture writes every byte of every transfer, in order, from a coprocessor that takes buffers', async (s) => {
  const { t, coprocessor } = s;
  const length = 10_001;
  await coprocessor.request('features 7');
  const capturing = sdbctl('capture --json --buffers 2 --size 16K --count 40 --idle 5 /tmp/sdbctl-2');
  await untilOpen(2);
  await coprocessor.request(`stream ${String(length)} 40 0 flow`);
  const { code, stdout } = await capturing;
  t.is(code, 0);
  t.like(JSON.parse(stdout), { transfers: 40, bytes: 40 * length, missed: 0, handover: true });
  const { connection, directory } = await installed();
  await pull(connection, '/tmp/sdbctl-2', join(directory, 'captured'));
  const { stdout: captured } = await execa('cat', [join(directory, 'captured')], { encoding: 'buffer' });
  // Two buffers take turns, each with its own count.
  const wanted = Buffer.concat(Array.from({ length: 40 }, (_, i) => patternBytes(i % 2, Math.floor(i / 2), length)));
  t.true(wanted.equals(captured));
});

boardTest('capture into a pipe stops at the byte, and by itself when the reader goes', async ({ t, coprocessor }) => {
  await coprocessor.request('features 7');
  const counting = sdbctl('capture --size 4K --buffers 2 --bytes 10000 --idle 5 - | wc -c');
  await untilOpen(2);
  await coprocessor.request('stream 4096 10 0 flow');
  t.is((await counting).stdout.trim(), '10000');
  await coprocessor.request('stop');
  const reading = sdbctl('capture --size 4K --buffers 2 --idle 5 | head -c 1 | wc -c');
  await untilOpen(2);
  // The stream has no end. A few transfers would fit into the pipe before the reader has gone.
  await coprocessor.request('stream 4096 0 0 flow');
  const { stdout, stderr } = await reading;
  await coprocessor.request('stop');
  t.is(stdout.trim(), '1');
  t.regex(stderr, /Broken pipe/);
});

boardTest(
  'capture hands its buffers to a coprocessor that says late that it takes them',
  async ({ t, coprocessor }) => {
    const capturing = sdbctl('capture --json --buffers 2 --size 4K --count 3 --idle 10 /tmp/sdbctl-4');
    await untilOpen(2);
    // A busy coprocessor may take so long for it.
    await sleep(500);
    await coprocessor.request('features 7');
    await coprocessor.request('stream 4096 3 0 flow');
    t.like(JSON.parse((await capturing).stdout), { transfers: 3, missed: 0, handover: true });
  },
);

boardTest('capture ends at its time, however fast transfers come', async ({ t, coprocessor, board }) => {
  // The reader is slower than the coprocessor. So there is always a transfer to be read.
  const seconds = patience(board.board);
  const capturing = sdbctl(`capture --buffers 2 --size 32K --time ${seconds} - | dd bs=16 of=/dev/null`);
  await untilOpen(2);
  await coprocessor.request('stream 32768 0 0');
  const { code, stderr } = await capturing;
  await coprocessor.request('stop');
  t.is(code, 0);
  t.regex(stderr, /[1-9]\d+ bytes/);
});

boardTest('capture ends with exit code 1 when the coprocessor stops, and says so', async ({ t, remoteproc }) => {
  const capturing = sdbctl('capture --buffers 2 --size 4K /tmp/sdbctl-3');
  await untilOpen(2);
  await remoteproc.stop();
  const { code, stderr } = await capturing;
  t.is(code, 1);
  t.regex(stderr, /the coprocessor was stopped/);
  t.deepEqual(await list(), []);
  t.regex((await sdbctl('list')).stdout, /^no channel/);
  const none = await sdbctl('capture /tmp/sdbctl-3');
  t.is(none.code, 1);
  t.regex(none.stderr, /not there/);
});

boardTest('send hands the file over a buffer at a time, and waits for the buffers', async ({ t, coprocessor }) => {
  await coprocessor.request('features 7');
  await onBoard('head -c 10000 /dev/zero >/tmp/sdbctl-4');
  const sending = sdbctl('send --json --buffers 3 --size 4K --idle 5 /tmp/sdbctl-4');
  await untilOpen(3);
  const heard = await until(
    'the coprocessor hears of the file',
    async () => (await coprocessor.request('heard')).lines.filter((line) => /B\dL/.test(line)),
    (lines) => lines.length > 0,
  );
  t.true(
    heard.some((line) => line.includes('B0L00001000')),
    heard.join(' '),
  );
  for (const index of [0, 1, 2]) await coprocessor.fill(index, 4);
  const { code, stdout } = await sending;
  t.is(code, 0);
  t.like(JSON.parse(stdout), { transfers: 3, bytes: 10000 });
});

boardTest('send says which buffers did not come back, with an exit code of its own', async ({ t, coprocessor }) => {
  await coprocessor.request('features 7');
  const { code, stderr } = await sdbctl('send --buffers 2 --size 4K --idle 0.5 /tmp/sdbctl');
  t.is(code, 3);
  t.regex(stderr, /did not hand back 2 of 2 buffers/);
});

// holds: abi#trace-announce-transfer, abi#trace-free
boardTest('watch shows buffers as they are announced, filled and freed, and leaves no trace', async (s) => {
  const { t, coprocessor } = s;
  await coprocessor.request('features 7');
  const instances = 'ls /sys/kernel/tracing/instances';
  const watching = sdbctl(`watch --json --count 3 --time ${10 * patience(s.board.board)}`);
  await until(
    'watch watches',
    async () => (await onBoard('cat /sys/kernel/tracing/instances/*/events/rpmsg_sdb/enable')).stdout,
    (enabled) => enabled.trim() === '1',
  );
  const capturing = sdbctl('capture --quiet --buffers 1 --size 4K --count 1 --idle 5 /tmp/sdbctl-5');
  await untilOpen(1);
  await coprocessor.fill(0, 100);
  t.is((await capturing).code, 0);
  const events = (await watching).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  t.deepEqual(
    events.map(({ event }) => event),
    ['announce', 'transfer', 'free'],
  );
  t.like(events[1], { index: 0, length: 100, sequence: 0, missed: 0 });
  t.is((await onBoard(instances)).stdout, '');
});

boardTest('benchmark measures what arrives', async ({ t, coprocessor }) => {
  await coprocessor.request('features 7');
  const measuring = sdbctl('benchmark --json --buffers 2 --size 4K --count 20 --idle 5');
  await untilOpen(2);
  await coprocessor.request('stream 4096 30 0 flow');
  const { code, stdout } = await measuring;
  t.is(code, 0);
  const result = JSON.parse(stdout) as { transfers: number; latency_ns: { min: number; p50: number; max: number } };
  t.true(result.transfers >= 20);
  t.true(result.latency_ns.min <= result.latency_ns.p50 && result.latency_ns.p50 <= result.latency_ns.max);
});

boardTest('benchmark ends at its time, even if nothing comes any more', async ({ t, coprocessor }) => {
  await coprocessor.request('features 7');
  const begun = Date.now();
  const measuring = sdbctl('benchmark --json --buffers 2 --size 4K --time 1 --idle 15');
  await untilOpen(2);
  await coprocessor.request('stream 4096 20 0 flow');
  const { code, stdout } = await measuring;
  t.is(code, 0);
  t.like(JSON.parse(stdout), { command: 'benchmark', missed: 0 });
  t.true(Date.now() - begun < 12_000);
});
