// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { boardSchema, type Board } from './board.ts';

/** Names the file that tells a test process which board is its own. */
export const boardFileVariable = 'RPMSG_SDB_BOARD_FILE';

export async function writeBoardFile(path: string, board: Board): Promise<void> {
  await writeFile(path, `${JSON.stringify(board, undefined, 2)}\n`);
}

/** The board this process is to test, undefined when it was started without one. */
export function boardOfThisProcess(): Board | undefined {
  const path = process.env[boardFileVariable];
  return path === undefined ? undefined : boardSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
