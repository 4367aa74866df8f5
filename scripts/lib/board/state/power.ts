// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Board } from '../inventory/board.ts';
import { patience } from '../inventory/patience.ts';
import { transitions } from './states.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';

/** A switch that does not do it the first time (a busy USB hub) is asked once more. */
const tries = 2;
const pauseMs = 1000;

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
    const result = await execa('sh', ['-c', command], {
      env: { RPMSG_SDB_BOARD: board.name },
      stdin: 'ignore',
      all: true,
      reject: false,
      cancelSignal: signal,
      timeout: transitions.powerOn.limitMs * patience(board),
      forceKillAfterDelay: 2000,
    });
    if (!result.failed) return retries;
    signal.throwIfAborted();
    const ending = result.timedOut ? 'did not end' : `ended with ${result.exitCode ?? result.signal ?? '?'}`;
    const why = `power ${action} of ${board.name}: the command ${ending}: ${result.all.trim().slice(-300)}`;
    if (retries + 1 >= tries) {
      throw new Failure('board', why, { kind: 'power', remedy: `try it by hand: ${command}` });
    }
    log.warn(`${why}; once more`);
    await sleep(pauseMs, undefined, { signal });
  }
}
