// SPDX-License-Identifier: MIT
import { benchAgent, nsPerEvent, regionsOf, type BenchOutput } from './agent.ts';
import type { BenchBoard } from './bench-board.ts';
import { measurement, type Measurement, ratio } from './measurement.ts';
import { spread } from './statistics.ts';

/** The ways there and back, as the agent names them. */
export const ways = ['echo', 'v1', 'v2'] as const;

/** One empty buffer there and back at a time, beside a 20-byte message there and back over rpmsg_char. */
export async function events({ connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const output = await benchAgent(connection, 'events', { rounds: 2 * rounds, count: 500, turn: 10 });
  const [echo, one, two] = ways.map((way) => medians(output, way)) as [number[], number[], number[]];
  const micro = (ns: number) => ns / 1000;
  return [
    measurement('event.echo', 'µs', spread(echo.map(micro))),
    measurement('event.v1', 'µs', spread(one.map(micro))),
    measurement('event.v2', 'µs', spread(two.map(micro))),
    ratio('event.v2', two, 'event.echo', echo, { goal: { atMost: 1 } }),
    // Nearly all of both is not the driver's: instructions tell what is, and have the stricter goal.
    ratio('event.v2', two, 'event.v1', one, { goal: { atMost: 1 } }),
    ratio('event.v1', one, 'event.echo', echo),
    ...ways.flatMap((way) => distribution(output, way)),
  ];
}

function medians(output: BenchOutput, way: string): number[] {
  return output.latencies.filter(({ name }) => name === way).map(({ quantiles }) => quantiles[50] ?? NaN);
}

/** Of each percentage the median over the rounds. */
function distribution(output: BenchOutput, way: string): Measurement[] {
  const rounds = output.latencies.filter(({ name }) => name === way);
  return Array.from({ length: 101 }, (_, x) =>
    measurement(`latency.${way}`, 'µs', spread(rounds.map(({ quantiles }) => (quantiles[x] ?? NaN) / 1000)).value, {
      x,
    }),
  );
}

const lives = [1, 10, 100, 1000];

/** The same with more and more buffers alive that nothing happens to. */
export async function live({ connection, rounds }: BenchBoard): Promise<Measurement[]> {
  // Each in units of the echo beside it, so that what the host does in between does not count.
  const relative = new Map(lives.map((buffers) => [buffers, new Array<number>()]));
  const micro = new Map(lives.map((buffers) => [buffers, new Array<number>()]));
  for (let round = 0; round < rounds; round++)
    for (const buffers of lives) {
      const output = await benchAgent(connection, 'events', { buffers, count: 200, turn: 10 });
      const two = spread(medians(output, 'v2')).value;
      micro.get(buffers)?.push(two / 1000);
      relative.get(buffers)?.push(two / spread(medians(output, 'echo')).value);
    }
  return [
    ...lives.map((x) => measurement('live.v2', 'µs', spread(micro.get(x) ?? []), { x })),
    ratio('live.v2', relative.get(1000) ?? [], 'live.v2 with 1', relative.get(1) ?? [], {
      x: 1000,
      goal: { atMost: 1.05 },
    }),
  ];
}

const batched = { buffers: 8, fill: 0, batch: 8, records: 8, count: 4000 };

/** Eight empty buffers going round as fast as they can: how many a second, and what they cost in system calls. */
export async function fullRate({ connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const handedBack = await benchAgent(connection, 'transfers', { ...batched, rounds });
  const single = await benchAgent(connection, 'transfers', { ...batched, batch: 1, records: 1, rounds, features: 3 });
  const calls = regionsOf(handedBack, 'records').map((region) => region.calls / region.events);
  const perSecond = (output: BenchOutput) => regionsOf(output, 'records').map((region) => 1e9 / nsPerEvent(region));
  return [
    measurement('rate.v2.batched', 'events/s', spread(perSecond(handedBack))),
    measurement('rate.v2.single', 'events/s', spread(perSecond(single))),
    measurement('rate.v2.batched', 'system calls', spread(calls), { goal: { atMost: 1 / 4 } }),
  ];
}

/** The firmware does not wait, and the reader is slow. Compares what was overwritten with what the records say. */
export async function overload({ connection, rounds }: BenchBoard): Promise<Measurement[]> {
  const words = { ...batched, batch: 1, count: 4000, flow: 0, delay: 2000, rounds };
  const { transfers } = await benchAgent(connection, 'transfers', words);
  const reported = transfers.reduce((sum, { missed }) => sum + missed, 0);
  const happened = transfers.reduce((sum, { sent, taken }) => sum + sent - taken, 0);
  return [
    measurement('overload.happened', 'fills', happened),
    measurement('overload.reported', 'fills', reported),
    measurement('overload.reported', 'ratio', reported / happened, {
      ratioTo: 'overload.happened',
      goal: { exactly: 1 },
    }),
  ];
}
