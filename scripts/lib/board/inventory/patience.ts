// SPDX-License-Identifier: MIT
import type { Board } from './board.ts';

/**
 * The same for a link that says nothing. An emulator shares its host with whatever else runs there, and its end is seen
 * by its process.
 */
export function linkPatience(board: Pick<Board, 'features' | 'patience'>): number {
  return patience(board) * (board.features.includes('emulated') ? 3 : 1);
}

/**
 * By how much to multiply a time limit for this board. A kernel with every detector, in an emulator, on a host that has
 * other work, takes several times as long for everything; limits are there to find what hangs.
 */
export function patience(board: Pick<Board, 'features' | 'patience'> | undefined): number {
  return board?.patience ?? (board?.features.includes('slow') === true ? 6 : 1);
}
