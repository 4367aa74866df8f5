// SPDX-License-Identifier: MIT
import type { Board } from './board.ts';

/**
 * By how much to multiply a time limit for this board. A kernel with every detector, in an emulator, on a host that has
 * other work, takes several times as long for everything; limits are there to find what hangs.
 */
export function patience(board: Pick<Board, 'features'> | undefined): number {
  return board?.features.includes('slow') === true ? 6 : 1;
}
