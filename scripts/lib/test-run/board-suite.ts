// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import { readKernelLog } from '../board/agent-command.ts';
import type { Board } from '../board/board.ts';
import { boardFileVariable, writeBoardFile } from '../board/board-file.ts';
import type { ClaimedBoard } from '../board/claim.ts';
import { withConnection } from '../board/connect.ts';
import { findFaults } from '../board/kernel-log.ts';
import { patience } from '../board/patience.ts';
import { kernelFault } from '../board/power-loss.ts';
import type { Context } from '../cli/context.ts';
import { deploy, type Deliverables } from '../deploy/deploy.ts';
import { Failure } from '../failure/failure.ts';
import type { Log } from '../log/log.ts';
import type { Connection } from '../ssh/connection.ts';
import { findBoardFacts } from '../report/board-facts.ts';
import { consoleTail } from '../report/console-tail.ts';
import { eventsVariable, type EventLog } from '../report/event-log.ts';
import { tellFailure } from '../report/tell-failure.ts';
import { execOk } from '../ssh/exec.ts';
import { lockBoard } from '../ssh/lock.ts';
import { runAva } from './ava.ts';
import type { TestOutcome } from './outcome.ts';
import { soakPatience, soakVariable } from './soak.ts';
import { tellOutcome } from './tell.ts';

/** What testing one board brought; the failure decides the exit code together with the outcomes. */
export interface SuiteResult {
  readonly outcomes: readonly TestOutcome[];
  readonly failure: Failure | undefined;
}

/** Which tests, and how often they repeat themselves. */
export interface TestChoice {
  readonly grep?: string;
  readonly soak?: boolean;
}

/** Once the board has gone, tests can only fail for that reason: the one it happened in gets this long to say so. */
const graceMs = 4000;

/** The integration tests on a board that this run has for itself. Never throws but for an interruption. */
export async function boardSuite(
  context: Context,
  log: Log,
  claimed: ClaimedBoard,
  files: Deliverables,
  choice: TestChoice,
): Promise<SuiteResult> {
  const { board } = claimed;
  try {
    return await withConnection(context, board, async (connection) => {
      const lock = await lockBoard(connection, 'npm test');
      await log.step('deploy', (step) => deploy(connection, board, files, step, context.signal));
      const facts = await findBoardFacts(connection, board, files);
      context.outputs.events.tell({ event: 'board', suite: board.name, ...facts });
      const before = await healthOf(connection);
      const outcomes = await testsOn(context, log, claimed, choice);
      const fault = await faultSince(connection, board, before);
      lock.release();
      return await withFault(context.outputs.events, board, outcomes, fault);
    });
  } catch (error) {
    if (context.signal.aborted || !(error instanceof Failure)) throw error;
    const failure = (await kernelFault(board)) ?? error;
    return withFault(context.outputs.events, board, [], failure);
  }
}

async function testsOn(context: Context, log: Log, claimed: ClaimedBoard, choice: TestChoice): Promise<TestOutcome[]> {
  const { board } = claimed;
  const soak = choice.soak === true;
  const boardFile = context.outputs.file(`${board.name}.json`);
  await writeBoardFile(boardFile, board);
  const cut = new AbortController();
  let goneAt = Infinity;
  void claimed.exited.then(async () => {
    goneAt = Date.now();
    await sleep(graceMs);
    cut.abort();
  });
  return log.step('tests', (step) =>
    runAva({
      root: context.root,
      suite: board.name,
      files: ['test/board/**/*.test.ts'],
      grep: choice.grep,
      env: {
        [boardFileVariable]: boardFile,
        [eventsVariable]: context.outputs.events.path,
        ...(soak ? { [soakVariable]: '1' } : {}),
      },
      outputs: context.outputs,
      signal: context.signal,
      cut: cut.signal,
      step,
      patience: patience(board) * (soak ? soakPatience : 1),
      isOver: () => Date.now() > goneAt,
    }),
  );
}

interface Health {
  readonly sequence: number;
  readonly taint: string;
}

async function healthOf(connection: Connection): Promise<Health> {
  const records = await readKernelLog(connection);
  const taint = (await execOk(connection, 'cat /proc/sys/kernel/tainted', { timeoutMs: 15_000 })).trim();
  return { sequence: records.at(-1)?.seq ?? -1, taint };
}

/** A fault that no test claimed, or that one did: either way the kernel is at fault. */
async function faultSince(connection: Connection, board: Board, before: Health): Promise<Failure | undefined> {
  if (connection.lost.aborted) return (await kernelFault(board)) ?? (connection.lost.reason as Failure);
  const faults = findFaults(await readKernelLog(connection, before.sequence + 1));
  const log = board.console === undefined ? {} : { log: board.console };
  if (faults[0]) return new Failure('kernel', `${board.name}: ${faults[0].text}`, log);
  const { taint } = await healthOf(connection);
  if (taint === before.taint) return undefined;
  return new Failure('kernel', `${board.name}: the kernel's taint went from ${before.taint} to ${taint}`, log);
}

/** A fault of board or kernel stands in the list of tests too, so that the last line never reads as a pass. */
async function withFault(
  events: EventLog,
  board: Board,
  outcomes: readonly TestOutcome[],
  failure: Failure | undefined,
): Promise<SuiteResult> {
  if (!failure) return { outcomes, failure };
  const last = outcomes.findLast((outcome) => outcome.status === 'failed') ?? outcomes.at(-1);
  const where = last === undefined ? '' : `\nabout "${last.name}"; what comes after it has not run`;
  const log = failure.log === undefined ? {} : { log: failure.log };
  const name = failure.failureClass === 'kernel' ? 'the kernel stays healthy' : 'the board stays reachable';
  const entry: TestOutcome = {
    suite: board.name,
    name,
    status: 'failed',
    ofSuite: true,
    reason: failure.message + where,
    ...log,
  };
  tellOutcome(events, entry);
  tellFailure(events, failure, board.name);
  const tail = await consoleTail(board);
  if (tail) events.tell({ event: 'slice', suite: board.name, ...tail });
  return { outcomes: [...outcomes, entry], failure };
}
