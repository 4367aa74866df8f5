// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from '../inventory/board.ts';
import { patience } from '../inventory/patience.ts';
import { transitions } from './states.ts';
import { startGroup } from '../../base/process/process-group.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';

/** A switch that does not do it the first time (a busy USB hub) is asked once more. */
const tries = 2;
const pauseMs = 1000;
/** The exit code of a shell for a command that is not there, or that may not be run. Another try does not help. */
const hopeless: ReadonlySet<number | null> = new Set([126, 127]);

export type PowerAction = 'on' | 'off' | 'cycle';

export function canSwitch(board: Board): boolean {
  return board.power !== undefined;
}

/** Switches a real board's power by the commands of the inventory. How often a command had to be run again. */
export async function switchPower(board: Board, action: PowerAction, log: Log, signal: AbortSignal): Promise<number> {
  const { on, off, cycle } = board.power ?? {};
  const single = { on, off, cycle }[action];
  if (single !== undefined) return run(board, action, single, log, signal);
  if (action === 'cycle' && on !== undefined && off !== undefined) {
    return (await run(board, 'off', off, log, signal)) + (await run(board, 'on', on, log, signal));
  }
  throw new Failure('usage', `the inventory does not say how ${board.name} is switched ${action}`, {
    kind: 'power',
    remedy: `add power with on and off to ${board.name}`,
  });
}

async function run(board: Board, action: string, command: string, log: Log, signal: AbortSignal): Promise<number> {
  for (let retries = 0; ; retries++) {
    const { exitCode, said, ending } = await runHook(board, command, signal);
    if (exitCode === 0) return retries;
    signal.throwIfAborted();
    const why = `power ${action} of ${board.name}: the command ${ending}: ${said.trim().slice(-300)}`;
    if (retries + 1 >= tries || hopeless.has(exitCode)) {
      throw new Failure('board', why, { kind: 'power', remedy: `try it by hand: ${command}` });
    }
    log.warn(`${why}; once more`);
    await sleep(pauseMs, undefined, { signal });
  }
}

/**
 * A hook may start something that goes on, such as a daemon. A hook that hangs is ended with everything that it waits
 * for.
 */
async function runHook(board: Board, command: string, signal: AbortSignal) {
  const group = startGroup(['sh', '-c', command], {
    env: { RPMSG_SDB_BOARD: board.name },
    signal,
    timeoutMs: transitions.powerOn.limitMs * patience(board),
    leavesBehind: true,
  });
  let said = '';
  for (const stream of [group.stdout, group.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  const { exitCode, signal: by, timedOut } = await group.ended;
  return { exitCode, said, ending: timedOut ? 'did not end' : `ended with ${exitCode ?? by ?? '?'}` };
}
