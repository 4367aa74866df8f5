// SPDX-License-Identifier: MIT
/** What events cost in instructions, whatever the host does meanwhile. */
import type { BenchBoard } from './bench-board.ts';
import { ways } from './events.ts';
import type { InstructionCounter } from './instruction-counter.ts';
import type { KernelFunction } from './kernel-functions.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';

/** One event at a time and then the next way's, so that what Linux does now and then is in few of the regions. */
const inTurns = { count: 100, turn: 1 };

const isDriver = ({ module }: KernelFunction): boolean => module === 'rpmsg_sdb';

export async function instructions({ rounds }: BenchBoard, counter: InstructionCounter): Promise<Measurement[]> {
  const few = await counter.count('events', { ...inTurns, rounds });
  await counter.tell('event.functions.txt', few, ways);
  const [echo, one, two] = ways.map((way) => few.typical(way)) as [number, number, number];
  // The way through mailbox, interrupts and threads, which no interface can change, is most of each.
  const shared = few.shared(ways);
  const driver = few.typical('v2', isDriver);
  const live: Measurement[] = [];
  for (const x of [10, 100, 1000]) {
    const many = await counter.count('events', { ...inTurns, buffers: x });
    live.push(
      measurement('instructions.live.v2', 'instructions', many.typical('v2'), { x }),
      // Each in units of the echo beside it: a busy host makes Linux idle, and switch threads, more often.
      measurement('instructions.live.v2', 'ratio', many.typical('v2') / many.typical('echo') / (two / echo), {
        x,
        ratioTo: 'instructions.event.v2',
        ...(x === 1000 ? { goal: { atMost: 1.05 } } : {}),
      }),
    );
  }
  const eight = { buffers: 8, fill: 0, count: 4000, rounds };
  const batched = (await counter.count('transfers', { ...eight, batch: 8, records: 8 })).of('records');
  const single = (await counter.count('transfers', { ...eight, batch: 1, records: 1, features: 3 })).of('records');
  return [
    measurement('instructions.event.echo', 'instructions', echo),
    measurement('instructions.event.v1', 'instructions', one),
    measurement('instructions.event.v2', 'instructions', two),
    measurement('instructions.event.shared', 'instructions', shared),
    measurement('instructions.event.v2', 'ratio', two / echo, {
      ratioTo: 'instructions.event.echo',
      goal: { atMost: 1 },
    }),
    measurement('instructions.event.v2', 'ratio', two / one, { ratioTo: 'instructions.event.v1' }),
    measurement('instructions.event.shared', 'ratio', shared / one, { ratioTo: 'instructions.event.v1' }),
    measurement('instructions.own.v2', 'ratio', (two - shared) / (one - shared), {
      ratioTo: 'instructions.own.v1',
      goal: { atMost: 0.75 },
    }),
    measurement('instructions.driver.v1', 'instructions', few.typical('v1', isDriver)),
    measurement('instructions.driver.v2', 'instructions', driver),
    measurement('instructions.driver.v2', 'ratio', driver / two, {
      ratioTo: 'instructions.event.v2',
      goal: { atMost: 0.05 },
    }),
    ...live,
    measurement('instructions.rate.v2.batched', 'instructions', spread(batched)),
    measurement('instructions.rate.v2.single', 'instructions', spread(single)),
    ratio('instructions.rate.v2.batched', batched, 'instructions.rate.v2.single', single, { goal: { atMost: 0.4 } }),
  ];
}
