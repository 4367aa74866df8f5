// SPDX-License-Identifier: MIT
import { ratioSpread, type Spread } from './statistics.ts';

export type Unit = 'MiB/s' | 'µs' | 's' | 'events/s' | 'instructions' | 'system calls' | 'bytes' | 'fills' | 'ratio';

/** One line of bench.jsonl. */
export interface Measurement {
  /** dotted, from the coarse to the fine: "bulk.v2" */
  readonly name: string;
  /** what it was measured against: bytes of a buffer, live buffers, percent of a distribution */
  readonly x?: number;
  readonly value: number;
  readonly unit: Unit;
  /** quartiles over the rounds */
  readonly low?: number;
  readonly high?: number;
  /** of a ratio: the name of what it was divided by */
  readonly ratioTo?: string;
  /** what is wanted of it */
  readonly goal?: Goal;
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number } | { readonly exactly: number };

export function measurement(
  name: string,
  unit: Unit,
  of: Spread | number,
  more: Pick<Measurement, 'x' | 'ratioTo' | 'goal'> = {},
): Measurement {
  return { name, ...more, unit, ...(typeof of === 'number' ? { value: of } : of) };
}

/** Each round's ratio to what was measured beside it, which has the name `to`. */
export function ratio(
  name: string,
  rounds: readonly number[],
  to: string,
  roundsOfThat: readonly number[],
  more: Pick<Measurement, 'x' | 'goal'> = {},
): Measurement {
  return measurement(name, 'ratio', ratioSpread(rounds, roundsOfThat), { ...more, ratioTo: to });
}

export function isReached({ value, goal }: Measurement): boolean {
  if (goal === undefined) return true;
  if ('atLeast' in goal) return value >= goal.atLeast;
  return 'atMost' in goal ? value <= goal.atMost : value === goal.exactly;
}
