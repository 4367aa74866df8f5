// SPDX-License-Identifier: MIT
/**
 * How many of an emulated board's cores its scenarios run on. A host with too few processors stops one core while
 * another waits for its lock. Most of the run is then spent on waiting. A scenario that is about calls at the same
 * time has all cores, on any host.
 */
import { availableParallelism } from 'node:os';

/** Tells that number to the process of the tests. */
export const coresVariable = 'RPMSG_SDB_CORES';

/** How many cores each of so many boards gets that run side by side. */
export function coresForEach(boards: number): number {
  return Math.max(1, Math.floor(availableParallelism() / boards));
}

/** The number, or undefined for all cores that there are. Called by the process of the tests. */
export function coresOfThisProcess(): number | undefined {
  const text = process.env[coresVariable];
  return text === undefined ? undefined : Number(text);
}
