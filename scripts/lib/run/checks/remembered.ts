// SPDX-License-Identifier: MIT
import { cached } from '../../host/cache/cached.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { Check } from './check.ts';

export interface RememberedCheck {
  /** a word: its folder in the cache */
  readonly id: string;
  readonly name: string;
  /** everything that what it finds depends on: the files, the settings, the tool's version */
  inputs(log: Log): Promise<readonly (string | Buffer)[]>;
  /** Answers what is wrong. scratch is an empty directory of its own. */
  run(log: Log, scratch: string): Promise<string | undefined>;
}

/**
 * A check that is not run again while nothing has changed. Only a result without findings is kept. Findings are found
 * again until they are mended.
 */
export function remembered(check: RememberedCheck): Check {
  return {
    name: check.name,
    async run(log) {
      const inputs = await check.inputs(log);
      const build = async (dir: string): Promise<void> => {
        const found = await check.run(log, dir);
        if (found !== undefined) throw new Failure('test', found);
      };
      await cached(`checks/${check.id}`, inputs, build, log);
      return undefined;
    },
  };
}
