// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { runAgent } from '../../board/agent/agent-command.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection } from '../../board/ssh/connection.ts';

/** A stretch that the agent timed (test/target/bench). */
const regionSchema = z.object({
  /** number of the pair of marks around it, for what counts instructions; none for what others timed */
  mark: z.number().optional(),
  name: z.string(),
  events: z.number(),
  bytes: z.number(),
  /** system calls */
  calls: z.number(),
  ns: z.number(),
});
const latenciesSchema = z.object({ name: z.string(), quantiles: z.array(z.number()) });
const transfersSchema = z.object({ taken: z.number(), missed: z.number(), wrong: z.number(), sent: z.number() });
const endSchema = z.object({
  ok: z.boolean(),
  during: z.string().optional(),
  errno: z.string().optional(),
  error: z.string().optional(),
});
const lineSchema = z.union([
  z.object({ region: regionSchema }),
  z.object({ latencies: latenciesSchema }),
  z.object({ transfers: transfersSchema }),
  endSchema,
]);

export type Region = z.infer<typeof regionSchema>;
/** Nanoseconds of 0 %, 1 % … 100 % of a round's events. */
export type Latencies = z.infer<typeof latenciesSchema>;
/** Records taken by read(), fills that they said were missed, words that were wrong, and what the firmware sent. */
export type Transfers = z.infer<typeof transfersSchema>;

export interface BenchOutput {
  readonly regions: readonly Region[];
  readonly latencies: readonly Latencies[];
  readonly transfers: readonly Transfers[];
}

export type BenchWords = Readonly<Record<string, number>>;

/** `agent bench` on the board. */
export async function benchAgent(c: Connection, what: string, words: BenchWords): Promise<BenchOutput> {
  const command = ['bench', what, ...Object.entries(words).map(([key, value]) => `${key}=${value}`)];
  const result = await runAgent(c, command, { timeoutMs: 180_000 });
  const output = {
    regions: new Array<Region>(),
    latencies: new Array<Latencies>(),
    transfers: new Array<Transfers>(),
  };
  let end: z.infer<typeof endSchema> = { ok: false, error: result.stderr.trim() || 'it said nothing' };
  for (const text of result.stdout.split('\n').filter((each) => each !== '')) {
    const line = lineSchema.parse(JSON.parse(text));
    if ('region' in line) output.regions.push(line.region);
    else if ('latencies' in line) output.latencies.push(line.latencies);
    else if ('transfers' in line) output.transfers.push(line.transfers);
    else end = line;
  }
  const wrong = output.transfers.reduce((sum, each) => sum + each.wrong, 0);
  if (end.ok && wrong === 0) return output;
  const why = [end.during, end.errno, end.error, wrong > 0 ? `${wrong} buffers held wrong words` : undefined];
  const said = why.filter((part) => part !== undefined).join(': ');
  throw new Failure('test', `"agent ${command.join(' ')}" on ${c.name}: ${said}`);
}

/** The regions of one name, a round each. */
export function regionsOf(output: BenchOutput, name: string): Region[] {
  return output.regions.filter((region) => region.name === name);
}

export function bytesPerSecond({ bytes, ns }: Region): number {
  return (bytes / ns) * 1e9;
}

export function nsPerEvent({ events, ns }: Region): number {
  return ns / events;
}
