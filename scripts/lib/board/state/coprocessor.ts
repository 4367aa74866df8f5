// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from '../inventory/board.ts';
import { targetPaths } from '../link/target-paths.ts';
import { Failure } from '../../base/failure/failure.ts';
import { quote } from '../../base/process/quote.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';
import { boardOption } from '../inventory/board-option.ts';

/** As remoteproc says it: offline, running, crashed, attached, detached, suspended, invalid. */
export interface CoprocessorState {
  readonly state: string;
  readonly firmware: string;
}

const timeoutMs = 30_000;

/** What a stopped coprocessor is called, whichever way it got there. */
export function isStopped(state: string): boolean {
  return state === 'offline' || state === 'invalid';
}

export async function coprocessorState(c: Connection, board: Board): Promise<CoprocessorState> {
  const folder = folderOf(board);
  const result = await exec(c, `cat ${folder}/state ${folder}/firmware`, { timeoutMs });
  if (result.code !== 0) {
    throw new Failure('board', `${board.name} has no ${folder}`, {
      kind: 'coprocessor',
      remedy: `npm run board -- exec ${boardOption(board.name)} -- dmesg`,
    });
  }
  const [state = '', firmware = ''] = result.stdout.split('\n');
  return { state, firmware };
}

/** Stops whatever runs; fine when nothing does. Whether it had been running. */
export async function stopCoprocessor(c: Connection, board: Board): Promise<boolean> {
  const { state } = await coprocessorState(c, board);
  if (isStopped(state)) return false;
  // A second stop at the same time makes this one fail with EINVAL; what counts is where it ends.
  await exec(c, `echo stop > ${folderOf(board)}/state`, { timeoutMs });
  await reach(c, board, isStopped, 'stop');
  return true;
}

/** Starts our firmware, or another that the board has; fine when it runs already. Whether it had to be started. */
export async function startCoprocessor(
  c: Connection,
  board: Board,
  firmware: string = targetPaths.firmwareName,
): Promise<boolean> {
  const before = await coprocessorState(c, board);
  if (before.state === 'running' && before.firmware === firmware) return false;
  if (!isStopped(before.state)) await stopCoprocessor(c, board);
  const folder = folderOf(board);
  const script = `echo ${quote(firmware)} > ${folder}/firmware && echo start > ${folder}/state`;
  const started = await exec(c, script, { timeoutMs });
  if (started.code !== 0) {
    const { state } = await coprocessorState(c, board);
    if (state !== 'running') {
      const why = await lastKernelLines(c);
      throw new Failure('board', `the coprocessor of ${board.name} does not start: ${started.stderr.trim()}\n${why}`, {
        kind: 'coprocessor',
        remedy: `check that ${firmware} is a firmware for this board`,
      });
    }
  }
  await reach(c, board, (state) => state === 'running', 'start');
  return true;
}

async function reach(c: Connection, board: Board, is: (state: string) => boolean, what: string): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const { state } = await coprocessorState(c, board);
    if (is(state)) return;
    if (Date.now() > end) {
      const why = await lastKernelLines(c);
      throw new Failure('board', `the coprocessor of ${board.name} does not ${what}: it is ${state}\n${why}`, {
        kind: 'coprocessor',
      });
    }
    await sleep(100);
  }
}

async function lastKernelLines(c: Connection): Promise<string> {
  const result = await exec(c, 'dmesg | tail -n 6', { timeoutMs });
  return result.stdout.trimEnd().replaceAll(/^/gm, '    ');
}

function folderOf(board: Board): string {
  return `/sys/class/remoteproc/${board.remoteproc}`;
}
