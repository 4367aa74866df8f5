// SPDX-License-Identifier: MIT
import { Failure } from '../../base/failure/failure.ts';
import { boardOption } from '../inventory/board-option.ts';
import { quoteWords } from '../../base/process/quote.ts';
import type { Board } from '../inventory/board.ts';

/** A failure to reach a board, with what a person can do about it. Any other error stays as it is. */
export function unreachable(error: unknown, board: Board): unknown {
  if (!(error instanceof Failure) || error.kind !== 'link' || error.remedy !== undefined) return error;
  const remedy =
    board.power === undefined
      ? `see that ${board.name} has power and a network: ${login(board)}`
      : `npm run board -- power cycle ${boardOption(board.name)}`;
  return error.retold({ remedy });
}

/** What a person tries by hand. */
function login({ address: { host, port, user, privateKey } }: Board): string {
  return quoteWords(['ssh', '-i', privateKey, '-p', String(port), `${user}@${host}`]);
}
