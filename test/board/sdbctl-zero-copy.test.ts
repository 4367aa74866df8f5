// SPDX-License-Identifier: MIT
// The tool moves what the coprocessor fills to a disk and to the network. The CPU copies nothing on the way.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { patternBytes } from '../../scripts/lib/board/agent/pattern.ts';
import { pull } from '../../scripts/lib/board/ssh/transfer.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { withDevice, withRamDisk } from './fixture/device.ts';
import { installed, onBoard, sdbctl, untilOpen } from './fixture/sdbctl.ts';
import { connectTcp } from './fixture/socket.ts';
import { until } from './fixture/until.ts';

const KiB = 1024;
const MiB = 1 << 20;

const summary = z.looseObject({ transfers: z.number(), bytes: z.number(), copied: z.number(), cpu_us: z.number() });

/** Captures a stream with these options. Returns what the tool said. */
async function captured(s: Scenario, options: string, stream: string): Promise<z.infer<typeof summary>> {
  await s.coprocessor.request('features 7');
  const capturing = sdbctl(`capture --json --buffers 2 --idle 20 ${options}`);
  await untilOpen(2);
  await s.coprocessor.request(`stream ${stream}`);
  const { code, stdout, stderr } = await capturing;
  s.t.is(code, 0, stderr);
  return summary.parse(JSON.parse(stdout));
}

/** The bytes of two buffers in turn. Each has its own count. */
const wanted = (transfers: number, length: number): Buffer =>
  Buffer.concat(Array.from({ length: transfers }, (_, i) => patternBytes(i % 2, Math.floor(i / 2), length)));

/** Captures so many transfers to a disk, which then has every byte. Returns what the tool said. */
function toDisk(s: Scenario, size: string, count: number, length: number): Promise<z.infer<typeof summary>> {
  return withRamDisk(s, 4096, async (disk) => {
    const said = await captured(s, `--direct --size ${size} --count ${count} ${disk}`, `${length} ${count} 0 flow`);
    await onBoard(`head -c ${count * length} ${disk} >/tmp/sdbctl-direct`);
    const { connection, directory } = await installed();
    await pull(connection, '/tmp/sdbctl-direct', join(directory, 'direct'));
    s.t.true(wanted(count, length).equals(await readFile(join(directory, 'direct'))));
    return said;
  });
}

// holds: abi#pinned-handed-back-later, abi#pinned-o-direct
boardTest(
  'capture --direct has the disk take the pages, and every byte arrives',
  async (s) => {
    const length = 64 * KiB;
    const said = await toDisk(s, '64K', 20, length);
    s.t.like(said, { transfers: 20, bytes: 20 * length, copied: 0, missed: 0, handover: true });
  },
  { needs: ['ram-disk'] },
);

boardTest(
  'capture --direct copies what is no whole block, and nothing of it is lost',
  async (s) => {
    const length = 10_001;
    // The first transfer begins at the start of a block and has two whole blocks. No later transfer begins at one.
    s.t.like(await toDisk(s, '16K', 7, length), { transfers: 7, bytes: 7 * length, copied: 7 * length - 8192 });
  },
  { needs: ['ram-disk'] },
);

boardTest(
  'capture --direct copies nothing where capture copies each byte, on a disk that takes pages',
  async (s) => {
    // A disk that takes data without the CPU, as a real one does with its DMA.
    await withDevice(s, 'null_blk nr_devices=1 gb=1', '/dev/nullb0', async () => {
      const stream = `${String(MiB)} 64 0 flow fill=no`;
      const direct = await captured(s, '--direct --size 1M --count 64 /dev/nullb0', stream);
      await s.coprocessor.request('stop');
      const copying = await captured(s, '--size 1M --count 64 /dev/nullb0', stream);
      s.t.like(direct, { bytes: 64 * MiB, copied: 0 });
      s.t.like(copying, { bytes: 64 * MiB, copied: 64 * MiB });
    });
  },
  { needs: ['null-disk'], timeout: 60_000 },
);

boardTest('capture --direct says what it cannot write to', async ({ t }) => {
  const none = await sdbctl('capture --direct --size 4K --buffers 1 - | cat');
  t.regex(none.stderr, /--direct is for a FILE on a disk/);
  const shared = await sdbctl('capture --direct --size 4K --buffers 1 /dev/shm/nowhere/at-all');
  t.is(shared.code, 1);
  t.regex(shared.stderr, /No such file/);
});

/** Connects a socket to this port, as soon as the tool listens there. */
async function connected({ agent }: Scenario, port: number): Promise<number> {
  const ask = () => connectTcp(agent, port);
  return (await until('the tool listens', ask, (fd) => fd !== undefined)) ?? -1;
}

// holds: abi#pinned-handed-back-later, abi#pinned-msg-zerocopy
boardTest('serve sends every byte to who connects, and takes the buffers back', async (s) => {
  const length = 64 * KiB;
  const count = 30;
  await s.coprocessor.request('features 7');
  const serving = sdbctl(`serve --json --buffers 2 --size 64K --count ${String(count)} --idle 10 5557`);
  await untilOpen(2);
  const socket = await connected(s, 5557);
  const [MSG_WAITALL, total] = [0x100, count * length];
  const copy = await s.agent.allocate(total);
  await s.coprocessor.request(`stream ${String(length)} ${String(count)} 0 flow`);
  s.t.is(await s.agent.syscall('recvfrom', socket, copy, total, MSG_WAITALL, 0, 0), total);
  for (let i = 0; i < count; i++)
    s.t.like(await s.agent.verify(copy + i * length, length, i % 2, Math.floor(i / 2)), { wrong: 0 }, String(i));
  const { code, stdout, stderr } = await serving;
  s.t.is(code, 0, stderr);
  s.t.like(JSON.parse(stdout), { command: 'serve', transfers: count, bytes: total, missed: 0, handover: true });
});

boardTest('serve ends in good order when its reader goes, and says what is no port', async (s) => {
  await s.coprocessor.request('features 7');
  const serving = sdbctl('serve --json --buffers 2 --size 64K --idle 10 5558');
  await untilOpen(2);
  const socket = await connected(s, 5558);
  await s.agent.close(socket);
  s.t.is((await serving).code, 0);
  const bad = await sdbctl('serve 70000');
  s.t.is(bad.code, 1);
  s.t.regex(bad.stderr, /70000 is no port/);
  s.t.is((await sdbctl('serve')).code, 2);
});
