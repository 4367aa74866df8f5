// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { connectUntil } from '../ssh/connect-until.ts';
import type { Connection } from '../ssh/connection.ts';
import type { Board } from '../inventory/board.ts';
import { linkPatience, patience } from '../inventory/patience.ts';
import { unreachable } from './unreachable.ts';

/** A board that is up answers at once; one under load may take a little longer. */
export const answersMs = 15_000;
/** Commands on the board end faster than this. A command that does not is left to its own time limit there. */
const stopsWithinMs = 5000;

/** A connection to a board that may still be starting; the time is multiplied by the board's patience. */
export function connectWithin(ms: number, board: Board, signal: AbortSignal): Promise<Connection> {
  const limits = { withinMs: ms * patience(board), patience: linkPatience(board) };
  return connectUntil(board.address, { name: board.name, ...limits, signal });
}

/**
 * Works over a connection to the board, and closes it. If the connection is lost, the failure names the file with the
 * console. A verb that is stopped waits for what it has started on the board.
 */
export async function withConnection<T>(
  context: Pick<Context, 'signal' | 'defer'>,
  board: Board,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const working = connected(context, board, work);
  const ended = working.then(
    () => undefined,
    () => undefined,
  );
  context.defer(() => Promise.race([ended, sleep(stopsWithinMs)]));
  return working;
}

async function connected<T>(
  context: Pick<Context, 'signal'>,
  board: Board,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  try {
    const connection = await connectWithin(answersMs, board, context.signal);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  } catch (error) {
    throw withConsole(unreachable(error, board), board);
  }
}

function withConsole(error: unknown, { console: log }: Board): unknown {
  if (!(error instanceof Failure) || error.failureClass !== 'board' || error.log !== undefined || log === undefined) {
    return error;
  }
  return error.retold({ log });
}
