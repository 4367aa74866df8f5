// SPDX-License-Identifier: MIT

/** A driver with a mistake, and the title of the scenario that has to tell. */
export interface MutatedDriver {
  readonly name: string;
  readonly caughtBy: string;
  /** path of the module on this host */
  readonly module: string;
}

/** Names them to the process of the tests, as JSON. */
export const mutatedVariable = 'RPMSG_SDB_MUTATED';

/** Called by the process of the tests. */
export function mutatedOfThisProcess(): readonly MutatedDriver[] {
  const text = process.env[mutatedVariable];
  return text === undefined ? [] : (JSON.parse(text) as MutatedDriver[]);
}
