// SPDX-License-Identifier: MIT

/** A driver with a mistake, and the title of the scenario that must fail with it. */
export interface MutatedDriver {
  readonly name: string;
  readonly caughtBy: string;
  /** the path of the module on this host */
  readonly module: string;
}

/** Tells the process of the tests which there are, as JSON. */
export const mutatedVariable = 'RPMSG_SDB_MUTATED';

/** Called by the process of the tests. */
export function mutatedOfThisProcess(): readonly MutatedDriver[] {
  const text = process.env[mutatedVariable];
  return text === undefined ? [] : (JSON.parse(text) as MutatedDriver[]);
}
