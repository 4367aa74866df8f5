// SPDX-License-Identifier: MIT
/** The tests between two faults of a board. There are as many as the board survives. */
import type { Board } from '../../board/inventory/board.ts';
import { boardFileVariable, writeBoardFile } from '../../board/inventory/board-file.ts';
import type { ClaimedBoard } from '../../board/inventory/claimed-board.ts';
import { patience } from '../../board/inventory/patience.ts';
import type { Context } from '../../base/cli/context.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import type { BoardWatch, Fault } from '../../board/watch/board-watch.ts';
import { eventsVariable } from '../../base/record/event-log.ts';
import { runAva } from './ava.ts';
import { coresVariable } from './cores.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { progressVariable, readProgress, readTests, testAt, type TestTime } from './progress.ts';
import { harnessVariable } from './stand-still.ts';
import { tellOutcome } from '../report/tell.ts';
import { soakPatience, soakVariable } from '../../base/record/soak.ts';
import { mutatedVariable, type MutatedDriver } from './mutated.ts';
import { filesVariable, testFiles, togetherFile } from './together.ts';

/** Which tests, and how often they repeat themselves. */
export interface TestChoice {
  readonly grep?: string;
  readonly soak?: boolean;
  /** how many cores of an emulated board run, for scenarios that do not ask for all of them */
  readonly cores?: number;
  /** only tests of these files */
  readonly files?: readonly string[];
  /** drivers that are wrong, for the tests that must fail with them */
  readonly mutated?: readonly MutatedDriver[];
}

export interface Stretch {
  /**
   * the outcomes of tests that ran before the fault. Neither the test that the fault happened in is among them, nor any
   * later one
   */
  readonly outcomes: readonly TestOutcome[];
  /** what ended it early */
  readonly fault: Fault | undefined;
  /** the test that the fault happened in, and how that test ended if it did */
  readonly culprit: { readonly time: TestTime; readonly outcome: TestOutcome | undefined } | undefined;
  readonly times: readonly TestTime[];
}

/** A stretch, and the titles of all tests that were loaded for it. */
export type LoadedStretch = Stretch & { readonly titles: readonly string[] };

/** Four times what a scenario may take. */
const idleMs = 120_000;
/** The test that a fault happened in gets this long to end by itself: its own words may say more. */
const graceMs = 6000;
const lookMs = 100;
/** A fault is seen at most this much later than it happened. By then its test may have ended, and reported it. */
const lagMs = 1500;
/** A test has a connection of its own. It may notice the loss before we do. */
const linkLagMs = 5000;
/** What such a test says. */
const linkTexts = /lost the connection to|the link went/;

export async function runStretch(
  context: Context,
  log: Log,
  claimed: ClaimedBoard,
  connection: Connection,
  watch: BoardWatch,
  o: { readonly choice: TestChoice; readonly except: readonly string[]; readonly number: number },
): Promise<LoadedStretch> {
  const { board } = claimed;
  const part = o.number === 1 ? board.name : `${board.name}-${o.number}`;
  const boardFile = context.outputs.file(`${part}.json`);
  const progress = context.outputs.file(`${part}.progress`);
  await writeBoardFile(boardFile, board);
  const files = o.choice.files ?? (await testFiles(context.root, 'board', o.choice.grep));
  const soak = o.choice.soak === true;
  const times = patience(board) * (soak ? soakPatience : 1);
  const cut = new AbortController();
  const over = new AbortController();
  noticeFaults(claimed, connection, watch, over.signal);
  const looking = cutAfterFault(board, watch, progress, cut, over.signal);
  const told = new Set<TestOutcome['name']>();
  try {
    const outcomes = await log.step('tests', (step) =>
      runAva({
        root: context.root,
        suite: board.name,
        files: [togetherFile],
        grep: o.choice.grep,
        except: o.except,
        env: {
          [boardFileVariable]: boardFile,
          [filesVariable]: JSON.stringify(files),
          [progressVariable]: progress,
          [eventsVariable]: context.outputs.events.path,
          [harnessVariable]: String(process.pid),
          ...(o.choice.mutated === undefined ? {} : { [mutatedVariable]: JSON.stringify(o.choice.mutated) }),
          ...(soak ? { [soakVariable]: '1' } : {}),
          ...(o.choice.cores === undefined ? {} : { [coresVariable]: String(o.choice.cores) }),
        },
        outputs: context.outputs,
        signal: context.signal,
        cut: cut.signal,
        step,
        patience: times,
        idleMs: idleMs * times,
        knowsItsTests: true,
        isOver: () => watch.fault !== undefined,
        onTold: ({ name }) => told.add(name),
      }),
    );
    const stretch = judged(outcomes, watch.fault, readProgress(progress));
    // A test that seemed to end just before the fault may have ended just after it.
    for (const outcome of stretch.outcomes) {
      if (!told.has(outcome.name)) tellOutcome(context.outputs.events, outcome);
    }
    return { ...stretch, titles: readTests(progress) };
  } finally {
    over.abort();
    await looking;
  }
}

/** Tells the watch of faults that it cannot see itself. */
function noticeFaults({ exited }: ClaimedBoard, connection: Connection, watch: BoardWatch, over: AbortSignal): void {
  void exited.then(() => {
    if (!over.aborted) watch.report({ failureClass: 'board', kind: 'power', text: 'its power is gone' });
  });
  const lost = () => {
    const reason = connection.lost.reason as Failure;
    watch.report({ failureClass: 'board', kind: reason.kind ?? 'link', text: reason.message });
  };
  if (connection.lost.aborted) lost();
  connection.lost.addEventListener('abort', lost, { once: true, signal: over });
}

async function cutAfterFault(
  board: Board,
  watch: BoardWatch,
  progress: string,
  cut: AbortController,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const { fault } = watch;
    if (fault !== undefined) {
      const time = testAt(readProgress(progress), fault.at);
      const isOver = time?.ended !== undefined && Date.now() - time.ended > 3 * lookMs;
      if (isOver || Date.now() - fault.at > graceMs * patience(board)) return cut.abort();
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/**
 * Separates the tests that ended before a fault from the test that the fault happened in. Those that came after it are
 * dropped.
 */
export function judged(
  outcomes: readonly TestOutcome[],
  fault: Fault | undefined,
  times: readonly TestTime[],
): Stretch {
  if (!fault) return { outcomes, fault, culprit: undefined, times };
  const time = reported(outcomes, fault, times) ?? testAt(times, fault.at);
  const after = times.filter(({ started }) => time !== undefined && started > time.started).map(({ title }) => title);
  const lost = new Set([...after, ...(time === undefined ? [] : [time.title])]);
  return {
    outcomes: outcomes.filter((outcome) => !lost.has(titleOf(outcome)) && outcome.ofSuite !== true),
    fault,
    culprit: time && { time, outcome: outcomes.find((outcome) => titleOf(outcome) === time.title) },
    times,
  };
}

/** The test that has itself told of this fault, and ended before we saw the fault. */
function reported(outcomes: readonly TestOutcome[], fault: Fault, times: readonly TestTime[]): TestTime | undefined {
  const tells = ({ reason = '' }: TestOutcome) =>
    reason.includes(fault.text) || (fault.kind === 'link' && linkTexts.test(reason));
  const lag = fault.kind === 'link' ? linkLagMs : lagMs;
  return times.find(({ title, ended }) => {
    if (ended === undefined || ended > fault.at || ended < fault.at - lag) return false;
    const outcome = outcomes.find((one) => titleOf(one) === title);
    return outcome?.status === 'failed' && tells(outcome);
  });
}

/** A test's own title. ava puts the file's name before it. */
export function titleOf(outcome: Pick<TestOutcome, 'name'>): string {
  return outcome.name.split(' › ').at(-1) ?? outcome.name;
}
