// SPDX-License-Identifier: MIT
import type { Board } from '../../board/inventory/board.ts';
import type { Connection } from '../../board/ssh/connection.ts';

/** What each measurement works on: a board with our driver and our firmware, and nobody else on it. */
export interface BenchBoard {
  readonly board: Board;
  readonly connection: Connection;
  /** the tool, built for the board */
  readonly sdbctl: string;
  /** how often everything is done */
  readonly rounds: number;
}
