// SPDX-License-Identifier: MIT
import { withConnection } from '../../board/link/connect.ts';
import { needBoard } from '../choice/find.ts';
import type { CommonOptions, Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quoteWords } from '../../base/process/quote.ts';
import { exec } from '../../board/ssh/exec.ts';

export interface ExecVerbOptions extends CommonOptions {
  readonly timeout?: number;
}

/**
 * `board exec`: its output is the command's output, byte for byte, and its exit code is the command's. One word is a
 * shell command. Several words arrive as that list of arguments, whatever is in them. Standard input is passed on
 * unless it is a terminal.
 */
export async function execVerb(context: Context<ExecVerbOptions>, ...words: string[]): Promise<number> {
  const { log, options, signal } = context;
  if (words.length === 0) {
    throw new Failure('usage', 'which command?', { remedy: "npm run board -- exec -- 'uname -a'" });
  }
  const command = words.length === 1 ? (words[0] ?? '') : quoteWords(words);
  const board = await needBoard(context.root, options);
  if (options.dryRun) {
    log.result(`would run on ${board.name}: ${command}`, { board: board.name, command });
    return 0;
  }
  const limits = { signal, ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }) };
  const stdin = process.stdin.isTTY ? {} : { stdin: process.stdin };
  return withConnection(context, board, async (connection) => {
    if (options.json) {
      const result = await exec(connection, command, { ...limits, ...stdin });
      log.result('', { board: board.name, command, ...result });
      return result.code;
    }
    const pass = { stdout: process.stdout, stderr: process.stderr };
    return (await exec(connection, command, { ...limits, ...stdin, ...pass })).code;
  });
}
