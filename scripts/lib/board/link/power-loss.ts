// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';
import type { Board } from '../inventory/board.ts';
import type { ClaimedBoard } from '../inventory/claimed-board.ts';
import { firstFaultLine } from './kernel-log.ts';

/**
 * For how long work may go on after its board has gone. The work's own failure may say more, and the console has to be
 * complete.
 */
const graceMs = 1500;

/**
 * Does `work`, which needs the board. The failure is the kernel's when the board goes, and when the link is lost
 * because its kernel panicked. A panic must never read as anything else.
 */
export async function orBoardFault<T>(claimed: ClaimedBoard, work: Promise<T>): Promise<T> {
  const gone = claimed.exited.then(async () => {
    await sleep(graceMs);
    throw (await kernelFault(claimed.board)) ?? powerLoss(claimed.board);
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([work, gone]);
  } catch (error) {
    if (error instanceof Failure && error.failureClass !== 'board') throw error;
    await sleep(graceMs);
    throw (await kernelFault(claimed.board)) ?? error;
  }
}

/** What the console tells of a fault in the board's kernel, if it does. */
export async function kernelFault(board: Board): Promise<Failure | undefined> {
  if (board.console === undefined) return undefined;
  const fault = firstFaultLine(await readFile(board.console, 'utf8').catch(() => ''));
  return fault === undefined ? undefined : new Failure('kernel', `${board.name}: ${fault}`, { log: board.console });
}

function powerLoss(board: Board): Failure {
  return new Failure('board', `${board.name} has ended in the middle of its work`, { log: board.console });
}
