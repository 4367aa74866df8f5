// SPDX-License-Identifier: MIT
import type { Board } from '../inventory/board.ts';
import { patience } from '../inventory/patience.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Transition } from './states.ts';

/** One step up, within its time. A failure that has no kind of its own gets the transition's. */
export async function transit<T>(board: Board, transition: Transition, work: () => Promise<T>): Promise<T> {
  const limitMs = transition.limitMs * patience(board);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${board.name} does not ${transition.verb}: it was ${transition.from}, and not ${transition.to} after ${limitMs / 1000} s`;
      reject(new Failure('board', message, { kind: transition.kind, log: board.console }));
    }, limitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    if (!(error instanceof Failure) || error.failureClass !== 'board' || error.kind !== undefined) throw error;
    throw error.retold({ kind: transition.kind, log: error.log ?? board.console });
  } finally {
    clearTimeout(timer);
  }
}
