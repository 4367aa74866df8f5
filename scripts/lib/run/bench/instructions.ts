// SPDX-License-Identifier: MIT
import { instructionCounts } from '../../emulated/emulator/instructions.ts';
import { benchAgent, regionsOf, type BenchWords } from './agent.ts';
import type { BenchBoard } from './bench-board.ts';
import { ways } from './events.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';

/** For an event of each region of that name, one round after the other. */
export type Counted = (name: string) => number[];

/**
 * What a measurement of the agent takes in instructions that Linux's first core executes, all told: the application, the
 * kernel, and interrupts that come meanwhile. For a board that was started with the plugin that counts them; directory is
 * the board's.
 */
export async function countInstructions(
  { connection, rounds }: BenchBoard,
  directory: string,
  what: string,
  words: BenchWords,
): Promise<Counted> {
  const before = (await instructionCounts(directory)).length;
  const output = await benchAgent(connection, what, { rounds, pin: 1, ...words });
  const counts = (await instructionCounts(directory)).slice(before);
  return (name) =>
    regionsOf(output, name).flatMap(({ mark, events }) => (mark === undefined ? [] : [(counts[mark] ?? NaN) / events]));
}

/** What events cost, whatever the host does meanwhile. */
export async function instructions(board: BenchBoard, directory: string): Promise<Measurement[]> {
  const count = (what: string, words: BenchWords): Promise<Counted> => countInstructions(board, directory, what, words);
  const few = await count('events', { count: 1000 });
  const live: (readonly [buffers: number, counts: number[]])[] = [];
  for (const buffers of [10, 100, 1000]) live.push([buffers, (await count('events', { count: 1000, buffers }))('v2')]);
  const eight = { buffers: 8, fill: 0, count: 4000 };
  const batched = (await count('transfers', { ...eight, batch: 8, records: 8 }))('records');
  const single = (await count('transfers', { ...eight, batch: 1, records: 1, features: 3 }))('records');
  const [echo, one, two] = ways.map((way) => few(way)) as [number[], number[], number[]];
  return [
    ...ways.map((way) => measurement(`instructions.event.${way}`, 'instructions', spread(few(way)))),
    ratio('instructions.event.v2', two, 'instructions.event.echo', echo),
    ratio('instructions.event.v2', two, 'instructions.event.v1', one),
    ...live.flatMap(([x, counts]) => [
      measurement('instructions.live.v2', 'instructions', spread(counts), { x }),
      ratio('instructions.live.v2', counts, 'instructions.event.v2', two, {
        x,

        ...(x === 1000 ? { goal: { atMost: 1.05 } } : {}),
      }),
    ]),
    measurement('instructions.rate.v2.batched', 'instructions', spread(batched)),
    measurement('instructions.rate.v2.single', 'instructions', spread(single)),
    ratio('instructions.rate.v2.batched', batched, 'instructions.rate.v2.single', single, { goal: { atMost: 0.4 } }),
  ];
}
