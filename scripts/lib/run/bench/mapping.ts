// SPDX-License-Identifier: MIT
import { startCoprocessor, stopCoprocessor } from '../../board/state/coprocessor.ts';
import { exec, execOk } from '../../board/ssh/exec.ts';
import { benchAgent, regionsOf } from './agent.ts';
import type { BenchBoard } from './bench-board.ts';
import type { InstructionCounter } from './instruction-counter.ts';
import type { KernelFunction } from './kernel-functions.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';

const mebibyte = 1024 * 1024;
const timeoutMs = 20_000;
const tracing = '/sys/kernel/tracing';

/** The functions that zero a buffer, each called once a buffer: Linux's for a new one, the driver's for a retired one. */
const zeroing = { new: '__dma_clear_buffer', retired: 'rpmsg_sdb:coherent_zero' } as const;

type Kind = keyof typeof zeroing;
const kinds: readonly Kind[] = ['new', 'retired'];

/** Memory is retired only where the coprocessor does not confirm withdrawals, and until it is stopped. */
async function restart({ board, connection }: Pick<BenchBoard, 'board' | 'connection'>): Promise<void> {
  await stopCoprocessor(connection, board);
  await startCoprocessor(connection, board);
}

const words = { length: mebibyte, rounds: 8 };

/** mmap() of a buffer whose memory is new, and of one whose memory was retired, with the zeroing counted apart. */
export async function mapping({ board, connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const zeroed: Record<Kind, number[]> = { new: [], retired: [] };
  const mapped: Record<Kind, number[]> = { new: [], retired: [] };
  for (let round = 0; round < rounds; round++) {
    await restart({ board, connection });
    const probed = (await exec(connection, probesOn, { timeoutMs })).code === 0;
    try {
      const output = await benchAgent(connection, 'mapping', words);
      const trace = await execOk(connection, `cat ${tracing}/trace`, { timeoutMs });
      for (const kind of kinds) {
        if (probed) zeroed[kind].push(spread(durations(trace, kind)).value);
        mapped[kind].push(spread(regionsOf(output, kind).map(({ ns }) => ns / 1000)).value);
      }
    } finally {
      await exec(connection, probesOff, { timeoutMs });
    }
  }
  await restart({ board, connection });
  const x = mebibyte;
  const whole = kinds.map((kind) => measurement(`mapping.${kind}.whole`, 'µs', spread(mapped[kind]), { x }));
  // A kernel may have no probes, or have put the function into its caller.
  if (zeroed.new.length < rounds) return whole;
  const rest = (kind: Kind) => mapped[kind].map((micro, round) => micro - (zeroed[kind][round] ?? NaN));
  return [
    ...whole,
    ...kinds.flatMap((kind) => [
      measurement(`mapping.${kind}`, 'µs', spread(rest(kind)), { x }),
      measurement(`mapping.${kind}.zeroing`, 'µs', spread(zeroed[kind]), { x }),
    ]),
    // No goal: an emulator's time for the interrupts of an announcement says little. Instructions have one.
    ratio('mapping.retired', rest('retired'), 'mapping.new', rest('new'), { x }),
  ];
}

/** What zeroes memory and writes it out of the cache: the kernel's, also where the driver calls it. */
const zeroes = ['memset', 'v7_dma_flush_range'];

/** The same in instructions, zeroing apart. */
export async function mappingInstructions(on: BenchBoard, counter: InstructionCounter): Promise<Measurement[]> {
  const rest: Record<Kind, number[]> = { new: [], retired: [] };
  const zeroed: Record<Kind, number[]> = { new: [], retired: [] };
  for (let round = 0; round < on.rounds; round++) {
    await restart(on);
    const counted = await counter.count('mapping', words);
    if (round === 0) await counter.tell('mapping.functions.txt', counted, kinds);
    const isZeroing = ({ names }: KernelFunction): boolean => names.some((name) => zeroes.includes(name));
    for (const kind of kinds) {
      rest[kind].push(spread(counted.of(kind, (where) => !isZeroing(where))).value);
      zeroed[kind].push(spread(counted.of(kind, isZeroing)).value);
    }
  }
  await restart(on);
  const x = mebibyte;
  return [
    ...kinds.flatMap((kind) => [
      measurement(`instructions.mapping.${kind}`, 'instructions', spread(rest[kind]), { x }),
      measurement(`instructions.mapping.${kind}.zeroing`, 'instructions', spread(zeroed[kind]), { x }),
    ]),
    ratio('instructions.mapping.retired', rest.retired, 'instructions.mapping.new', rest.new, {
      x,
      goal: { atMost: 0.2 },
    }),
  ];
}

const probesOn = [
  `cd ${tracing}`,
  'echo 0 >tracing_on',
  'echo >trace',
  ...kinds.flatMap((kind) => [
    `echo 'p:sdb_${kind}_begin ${zeroing[kind]}' >>kprobe_events`,
    `echo 'r:sdb_${kind}_end ${zeroing[kind]}' >>kprobe_events`,
  ]),
  'echo 1 >events/kprobes/enable',
  'echo 1 >tracing_on',
].join(' && ');

const probesOff = `cd ${tracing} && echo 0 >events/kprobes/enable && echo >kprobe_events && echo >trace`;

/** Microseconds between each pair of probes. */
function durations(trace: string, kind: Kind): number[] {
  const all: number[] = [];
  let begun: number | undefined;
  for (const [, seconds, micros, what] of trace.matchAll(/\s(\d+)\.(\d{6}): sdb_(\w+):/g)) {
    const at = Number(seconds) * 1e6 + Number(micros);
    if (what === `${kind}_begin`) begun = at;
    if (what === `${kind}_end` && begun !== undefined) all.push(at - begun);
  }
  return all;
}
