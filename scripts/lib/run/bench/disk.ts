// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { Failure } from '../../base/failure/failure.ts';
import { exec, execOk } from '../../board/ssh/exec.ts';
import { push } from '../../board/ssh/transfer.ts';
import { requestFirmware } from '../../board/state/coprocessor-request.ts';
import type { BenchBoard } from './bench-board.ts';
import type { InstructionCounter } from './instruction-counter.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';

const timeoutMs = 60_000;
const mebibyte = 1024 * 1024;
/** Enough that starting the tool and getting its buffers, which is the same both ways, does not count. */
const transfers = 128;
/** An instruction is an instruction, so fewer do. */
const countedTransfers = 64;
const tool = '/tmp/sdbctl-bench';
/** A disk that takes data as its own DMA would: without the CPU. */
const disk = { module: 'null_blk', options: 'nr_devices=1 gb=1', device: '/dev/nullb0' } as const;

const ways = { copying: '', direct: '--direct' } as const;
type Way = keyof typeof ways;

const summary = z.object({ bytes: z.number(), copied: z.number(), cpu_us: z.number(), seconds: z.number() });
type Summary = z.infer<typeof summary>;

/** Has work run while the board has the disk. A board without the module has no measurements. */
async function withDisk({ connection }: BenchBoard, work: () => Promise<Measurement[]>): Promise<Measurement[]> {
  if ((await exec(connection, `modprobe ${disk.module} ${disk.options}`, { timeoutMs })).code !== 0) return [];
  try {
    return await work();
  } finally {
    await exec(connection, `modprobe -r ${disk.module}`, { timeoutMs });
  }
}

/** What the same system calls cost Linux, in instructions. The tool's time would depend on other work of the host. */
export function diskInstructions(board: BenchBoard, counter: InstructionCounter): Promise<Measurement[]> {
  return withDisk(board, async () => {
    const words = { count: countedTransfers, buffers: 4, length: mebibyte, rounds: board.rounds };
    const counted = await counter.count('disk', words);
    const [copying, direct] = [counted.of('copying'), counted.of('direct')];
    const x = mebibyte;
    return [
      measurement('instructions.disk.copying', 'instructions', spread(copying), { x }),
      measurement('instructions.disk.direct', 'instructions', spread(direct), { x }),
      ratio('instructions.disk.direct', direct, 'instructions.disk.copying', copying, { x, goal: { atMost: 0.25 } }),
    ];
  });
}

/** Capture to a disk, copied by the CPU and with O_DIRECT: its rate, what the CPU copied, and what time that took. */
export function diskCapture(board: BenchBoard): Promise<Measurement[]> {
  return withDisk(board, async () => figures(await captures(board)));
}

async function captures({ connection, rounds, sdbctl }: BenchBoard): Promise<Record<Way, Summary[]>> {
  const said: Record<Way, Summary[]> = { copying: [], direct: [] };
  try {
    await push(connection, sdbctl, tool, { mode: 0o755 });
    for (let round = 0; round < rounds; round++)
      for (const way of ['copying', 'direct'] as const) {
        const line = `${tool} capture --json --buffers 4 --size 1M --count ${String(transfers)} --idle 20`;
        const capturing = execOk(connection, `${line} ${ways[way]} ${disk.device}`, { timeoutMs });
        // Without data: what the emulated coprocessor needs to fill a buffer would hide what is measured.
        await untilBuffers(connection, 4);
        await requestFirmware(connection, ['stream', String(mebibyte), String(transfers), '0', 'flow', 'fill=no']);
        const captured = summary.parse(JSON.parse(await capturing));
        if (captured.bytes !== transfers * mebibyte)
          throw new Failure('test', `sdbctl capture ${ways[way]} wrote ${captured.bytes} bytes, not ${transfers} MiB`);
        said[way].push(captured);
        await requestFirmware(connection, ['stop']);
      }
  } finally {
    await exec(connection, `rm -f ${tool}`, { timeoutMs });
  }
  return said;
}

function figures(said: Record<Way, Summary[]>): Measurement[] {
  const of = (way: Way, figure: (one: Summary) => number) => said[way].map(figure);
  const rate = (one: Summary) => one.bytes / mebibyte / one.seconds;
  const copied = (one: Summary) => one.copied / transfers;
  const cpu = (one: Summary) => one.cpu_us / transfers;
  const x = mebibyte;
  return [
    measurement('disk.copying', 'MiB/s', spread(of('copying', rate)), { x }),
    measurement('disk.direct', 'MiB/s', spread(of('direct', rate)), { x }),
    ratio('disk.direct', of('direct', rate), 'disk.copying', of('copying', rate), { x, goal: { atLeast: 1 } }),
    measurement('disk.copying.copied', 'bytes', spread(of('copying', copied)), { x }),
    measurement('disk.direct.copied', 'bytes', spread(of('direct', copied)), { x, goal: { exactly: 0 } }),
    measurement('disk.copying.cpu', 'µs', spread(of('copying', cpu)), { x }),
    measurement('disk.direct.cpu', 'µs', spread(of('direct', cpu)), { x }),
    ratio('disk.direct.cpu', of('direct', cpu), 'disk.copying.cpu', of('copying', cpu), { x, goal: { atMost: 0.25 } }),
  ];
}

/** Waits until the tool has announced its buffers. The firmware streams only into buffers that it knows. */
async function untilBuffers(connection: BenchBoard['connection'], buffers: number): Promise<void> {
  const loop = [
    'i=0',
    `until ${tool} list --json | grep -q '"buffers":\\s*${String(buffers)}\\b' || [ $i -gt 100 ]; do i=$((i+1)); sleep 0.05; done`,
  ];
  await execOk(connection, loop.join('; '), { timeoutMs });
}
