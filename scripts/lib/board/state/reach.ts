// SPDX-License-Identifier: MIT
import { answersMs, connectWithin } from '../link/connect.ts';
import { unreachable } from '../link/unreachable.ts';
import { patience } from '../inventory/patience.ts';
import type { Board } from '../inventory/board.ts';
import type { ClaimedBoard } from '../inventory/claimed-board.ts';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';
import { transitions } from './states.ts';
import { transit } from './transition.ts';

/** A shut-down that hangs is a fault of the board. */
const goesDownMs = 30_000;

/**
 * A connection to a board in any state. A board that does not answer is started anew, once, if there is a way to. What
 * another try does not mend (a wrong host key, a refused login) fails at once.
 */
export async function reachBoard(
  context: Context,
  claimed: ClaimedBoard,
  log: Log,
): Promise<{ connection: Connection; claimed: ClaimedBoard }> {
  const { board, restart } = claimed;
  const booting = claimed.justStarted === true;
  try {
    return {
      connection: await (booting ? boot(context, board) : connectWithin(answersMs, board, context.signal)),
      claimed,
    };
  } catch (error) {
    const isSilent = error instanceof Failure && (error.kind === 'link' || error.kind === 'boot');
    if (!isSilent || restart === undefined || booting) throw unreachable(error, board);
    log.warn(`${error.message}; switching its power`);
  }
  const fresh = await log.step(`start ${board.name} anew`, (step) => restart(step));
  return { connection: await log.step(`wait for ${board.name}`, () => boot(context, fresh.board)), claimed: fresh };
}

/** booting → reachable */
function boot(context: Context, board: Board): Promise<Connection> {
  return transit(board, transitions.boot, () => connectWithin(transitions.boot.limitMs, board, context.signal));
}

/** For a board whose power nothing here can switch: asks its kernel, without the programs that may be what is broken. */
export async function reboot(connection: Connection, board: Board): Promise<void> {
  const cannot = new Failure('board', `${board.name} has to be started anew, and nothing here can switch its power`, {
    kind: 'power',
    remedy: `switch its power by hand, and add power with on and off to ${board.name} in the inventory`,
  });
  if (connection.lost.aborted) throw cannot;
  // In the background, so that the command ends before the board does.
  await exec(connection, 'sync; (sleep 1; echo b > /proc/sysrq-trigger || reboot -f) >/dev/null 2>&1 &', {
    timeoutMs: 20_000,
  }).catch(() => undefined);
  const gone = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), goesDownMs * patience(board));
    const lost = () => {
      clearTimeout(timer);
      resolve(true);
    };
    if (connection.lost.aborted) lost();
    connection.lost.addEventListener('abort', lost, { once: true });
  });
  if (!gone) throw cannot;
}
