// SPDX-License-Identifier: MIT

/** What rounds of one measurement amount to: the median, and the quartiles around it. */
export interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function spread(rounds: readonly number[]): Spread {
  return { value: quantile(rounds, 0.5), low: quantile(rounds, 0.25), high: quantile(rounds, 0.75) };
}

/** Each round's ratio by itself: what slowed the host down in a round slowed both sides down. */
export function ratioSpread(rounds: readonly number[], to: readonly number[]): Spread {
  return spread(rounds.flatMap((value, round) => (to[round] === undefined ? [] : [value / to[round]])));
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}
