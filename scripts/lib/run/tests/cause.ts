// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from '../../board/inventory/board.ts';
import { linkPatience, patience } from '../../board/inventory/patience.ts';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import { connectUntil } from '../../board/ssh/connect-until.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { execOk } from '../../board/ssh/exec.ts';
import type { BoardWatch, Fault } from '../../board/watch/board-watch.ts';
import { boardOption } from '../../board/inventory/board-option.ts';

export interface Cause {
  readonly failure: Failure;
  /** the board is as it was; only the link to it was gone, and has come back */
  readonly isOver: boolean;
}

/** The console gets this long to be complete. When a link is cut suddenly, the console comes later. */
const consoleMs = 1500;
/** Time for a cable to be plugged in again, or for a switch to restart. */
const linkBackMs = 15_000;
/** Time for a board to start anew. */
const bootBackMs = 60_000;

/** Finds the cause of a fault that was seen. A lost link, for example, can come from a panic. */
export async function causeOf(
  context: Context,
  board: Board,
  seen: Fault,
  watch: BoardWatch,
  connection: Connection,
  bootId: string,
): Promise<Cause> {
  await sleep(consoleMs, undefined, { signal: context.signal });
  const fault = watch.kernelFaultSince(seen.at - consoleMs) ?? seen;
  const failed = (text: string, kind = fault.kind): Failure =>
    new Failure(fault.failureClass, `${board.name}: ${text}`, {
      ...(kind === undefined ? {} : { kind }),
      log: watch.file,
      ...(fault.failureClass === 'board' ? { remedy: `npm run doctor -- ${boardOption(board.name)}` } : {}),
    });
  const isCertain = fault.failureClass === 'kernel' || fault.kind === 'power' || fault.kind === 'reboot';
  if (isCertain) return { failure: failed(fault.text), isOver: false };
  const now = connection.lost.aborted ? await bootIdBack(context, board, watch, fault) : bootId;
  if (now === undefined) {
    return { failure: failed(`${fault.text}; it does not answer any more`, 'link'), isOver: false };
  }
  if (now !== bootId) return { failure: failed('it has started anew by itself', 'reboot'), isOver: false };
  return { failure: failed(fault.text), isOver: fault.kind === 'link' || fault.kind === 'lock' };
}

/** The boot's id, if the board answers again soon. A board that shows that it starts gets more time. */
async function bootIdBack(
  context: Context,
  board: Board,
  watch: BoardWatch,
  { at }: Fault,
): Promise<string | undefined> {
  const now = await bootIdWithin(context, board, linkBackMs);
  if (now !== undefined || !watch.mayBeStarting(at)) return now;
  return bootIdWithin(context, board, bootBackMs - linkBackMs);
}

async function bootIdWithin(context: Context, board: Board, ms: number): Promise<string | undefined> {
  try {
    const connection = await connectUntil(board.address, {
      name: board.name,
      withinMs: ms * patience(board),
      patience: linkPatience(board),
      signal: context.signal,
    });
    try {
      return (await execOk(connection, 'cat /proc/sys/kernel/random/boot_id', { timeoutMs: 10_000 })).trim();
    } finally {
      connection.close();
    }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof Failure)) throw error;
    return undefined;
  }
}
