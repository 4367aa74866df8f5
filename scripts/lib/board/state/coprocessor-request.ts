// SPDX-License-Identifier: MIT
import { runAgent } from '../agent/agent-command.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection } from '../ssh/connection.ts';
import { boardOption } from '../inventory/board-option.ts';

/** A reply of the firmware's test endpoint: the lines before the last one, and the last one ("ok …"). */
export interface Reply {
  readonly lines: readonly string[];
  readonly ending: string;
}

/** One request to the test endpoint. A refusal is a failure in the firmware's words. */
export async function requestFirmware(connection: Connection, words: readonly string[]): Promise<Reply> {
  const result = await runAgent(connection, ['coprocessor', ...words], { timeoutMs: 30_000 });
  const lines = result.stdout.replace(/\n$/, '').split('\n');
  const ending = lines.pop() ?? '';
  if (result.code === 0) return { lines, ending };
  if (ending.startsWith('error')) throw new Failure('test', `the firmware refuses "${words.join(' ')}": ${ending}`);
  throw new Failure(result.code === 2 ? 'usage' : 'board', result.stderr.trim().replace(/^agent: /, ''), {
    ...(result.code === 2 ? {} : { remedy: `npm run board -- coprocessor start ${boardOption(connection.name)}` }),
  });
}
