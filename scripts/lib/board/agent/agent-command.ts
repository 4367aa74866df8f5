// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { exec, type ExecOptions } from '../ssh/exec.ts';
import type { Connection } from '../ssh/connection.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quoteWords } from '../../base/process/quote.ts';
import type { KernelRecord } from '../link/kernel-log.ts';
import { targetPaths } from '../link/target-paths.ts';
import { boardOption } from '../inventory/board-option.ts';

/** Runs one command of the agent on the board: its exit code and output are the result. */
export async function runAgent(connection: Connection, words: readonly string[], o: ExecOptions = {}) {
  const result = await exec(connection, quoteWords([targetPaths.agent, ...words]), o);
  if (result.code === 127 || result.code === 126) {
    throw new Failure('board', `${connection.name} has no agent in ${targetPaths.agent}`, {
      remedy: `npm run deploy -- ${boardOption(connection.name)}`,
    });
  }
  return result;
}

const recordSchema = z.object({ seq: z.number(), level: z.number(), us: z.number(), text: z.string() });

/** The kernel log from sequence number `from` on. */
export async function readKernelLog(connection: Connection, from = 0): Promise<KernelRecord[]> {
  const result = await runAgent(connection, ['kmsg', String(from)], { timeoutMs: 20_000 });
  if (result.code !== 0)
    throw new Failure('board', `cannot read the kernel log of ${connection.name}: ${result.stderr}`);
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      // The last line tells the next number and is no record.
      const record = recordSchema.safeParse(JSON.parse(line));
      return record.success ? [record.data] : [];
    });
}
