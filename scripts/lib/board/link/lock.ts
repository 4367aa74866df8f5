// SPDX-License-Identifier: MIT
import type { Context } from '../../base/cli/context.ts';
import type { Log } from '../../base/log/log.ts';
import type { Connection } from '../ssh/connection.ts';
import { lockBoard, type Lock } from '../ssh/lock.ts';

/** Takes the board for this verb, in its own words; waits for it when --wait says so. */
export async function lockFor(context: Context, connection: Connection, log: Log): Promise<Lock> {
  const wait = context.options.wait === true;
  const options = { purpose: context.reproduce, wait, signal: context.signal };
  if (!wait) return lockBoard(connection, options);
  return log.step(`wait for ${connection.name}`, (step) =>
    lockBoard(connection, { ...options, whenBusy: (holder) => step.progress(`in use: ${holder}`) }),
  );
}
