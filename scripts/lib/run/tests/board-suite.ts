// SPDX-License-Identifier: MIT
import { execOk } from '../../board/ssh/exec.ts';
import { readKernelLog } from '../../board/agent/agent-command.ts';
import type { Board } from '../../board/inventory/board.ts';
import type { ClaimedBoard } from '../../board/inventory/claimed-board.ts';
import { findFaults } from '../../board/link/kernel-log.ts';
import { lockFor } from '../../board/link/lock.ts';
import { reachBoard, reboot } from '../../board/state/reach.ts';
import type { Context } from '../../base/cli/context.ts';
import { deploy, type Deliverables } from '../../board/deploy/deploy.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import { BoardWatch, type Fault } from '../../board/watch/board-watch.ts';
import { causeOf } from './cause.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { worst } from '../../base/failure/worst.ts';
import { findBoardFacts } from '../report/board-facts.ts';
import { tellFailure } from '../report/tell-failure.ts';
import { tellOutcome } from '../report/tell.ts';
import { askedFor } from './declared.ts';
import { listTests, notRun } from './not-run.ts';
import { withSlices, type WatchedTest } from './slices.ts';
import { runStretch, titleOf, type Stretch, type TestChoice } from './stretch.ts';

/** The result of testing one board. The failure and the outcomes together decide the exit code. */
export interface SuiteResult {
  readonly outcomes: readonly TestOutcome[];
  readonly failure: Failure | undefined;
  /** in words, what had to be done again of the infrastructure; never a test */
  readonly retries: readonly string[];
}

/** If a board faults more often than this in one run, more faults would tell nothing new. */
const faultLimit = 5;
const retryLimit = 3;

/**
 * Runs the integration tests on a board that this run has for itself. A fault of the board fails the test that it
 * happened in. Then the board is started anew, and the other tests run. It throws only for an interruption.
 */
export async function boardSuite(
  context: Context,
  log: Log,
  claimed: ClaimedBoard,
  files: Deliverables,
  choice: TestChoice,
): Promise<SuiteResult> {
  const watch = await BoardWatch.start(claimed.board, context.outputs, log);
  const suite = new Suite(context, log, claimed, files, choice, watch);
  try {
    return await suite.run();
  } finally {
    await watch.stop();
  }
}

class Suite {
  readonly #context: Context;
  readonly #log: Log;
  readonly #files: Deliverables;
  readonly #choice: TestChoice;
  readonly #watch: BoardWatch;
  #claimed: ClaimedBoard;
  readonly #outcomes: TestOutcome[] = [];
  readonly #failures: Failure[] = [];
  readonly #retries: string[] = [];
  readonly #times: WatchedTest[] = [];
  #stretches = 0;
  /** the titles of all tests that were loaded */
  #titles: readonly string[] = [];

  constructor(
    context: Context,
    log: Log,
    claimed: ClaimedBoard,
    files: Deliverables,
    choice: TestChoice,
    watch: BoardWatch,
  ) {
    this.#context = context;
    this.#log = log;
    this.#claimed = claimed;
    this.#files = files;
    this.#choice = choice;
    this.#watch = watch;
  }

  get #board(): Board {
    return this.#claimed.board;
  }

  async run(): Promise<SuiteResult> {
    try {
      while (await this.#oneMore());
    } catch (error) {
      if (this.#context.signal.aborted || !(error instanceof Failure)) throw error;
      this.#ofSuite(await this.#withCause(error));
    }
    const outcomes = await withSlices(
      this.#outcomes,
      this.#times,
      this.#watch,
      this.#context.outputs,
      this.#board.name,
    );
    const retries = [...this.#retries, ...this.#watch.troubles];
    const failure = worst(this.#failures, ({ failureClass }) => failureClass);
    return { outcomes: [...outcomes, ...(await this.#notRun(failure))], failure, retries };
  }

  /** Outcomes for the tests that did not run because of a fault. */
  async #notRun(failure: Failure | undefined): Promise<TestOutcome[]> {
    const isLoaded = this.#titles.length > 0;
    const suite = this.#board.name;
    const titles = isLoaded
      ? askedFor(this.#titles, this.#choice.grep)
      : await listTests(this.#context, suite, this.#choice);
    return notRun(this.#context, suite, titles, this.#outcomes, failure?.message ?? 'the tests ended before it');
  }

  /**
   * Makes the board ready, in whatever state it is. Then it runs tests until they end or a fault comes. Returns whether
   * there is more to do.
   */
  async #oneMore(): Promise<boolean> {
    const connection = await this.#reach();
    try {
      this.#watch.forget();
      await this.#watch.follow(connection);
      const lock = await lockFor(this.#context, connection, this.#log);
      await this.#log.step('deploy', (step) =>
        deploy(connection, this.#board, this.#files, step, this.#context.signal),
      );
      const facts = await findBoardFacts(connection, this.#board, this.#files);
      this.#context.outputs.events.tell({ event: 'board', suite: this.#board.name, ...facts });
      const before = await healthOf(connection);
      const stretch = await runStretch(this.#context, this.#log, this.#claimed, connection, this.#watch, {
        choice: this.#choice,
        except: this.#outcomes.map(titleOf),
        number: ++this.#stretches,
      });
      this.#titles = stretch.titles;
      this.#take(stretch);
      if (stretch.fault) return await this.#afterFault(stretch, stretch.fault, connection, before.bootId);
      const fault = await unseenFault(connection, this.#board, before);
      if (fault) this.#ofSuite(fault);
      lock.release();
      return false;
    } finally {
      connection.close();
    }
  }

  async #reach(): Promise<Connection> {
    const { connection, claimed } = await reachBoard(this.#context, this.#claimed, this.#log);
    const isOther = claimed !== this.#claimed;
    this.#claimed = { ...claimed, justStarted: false };
    if (isOther) {
      this.#retries.push(`${this.#board.name} did not answer and was started anew`);
      await this.#watch.attach(claimed.board);
    }
    return connection;
  }

  #take(stretch: Stretch): void {
    const known = new Set(this.#outcomes.map(({ name }) => name));
    this.#outcomes.push(...stretch.outcomes.filter(({ name }) => !known.has(name)));
    // What the board says later belongs to its repair, or to the next stretch.
    this.#times.push(...stretch.times.map((time) => ({ ...time, until: Date.now() })));
  }

  async #afterFault(stretch: Stretch, seen: Fault, connection: Connection, bootId: string): Promise<boolean> {
    const cause = await this.#log.step('find out what happened', () =>
      causeOf(this.#context, this.#board, seen, this.#watch, connection, bootId),
    );
    if (cause.isOver && this.#retries.length < retryLimit) {
      const what = stretch.culprit ? `"${stretch.culprit.time.title}" runs again` : 'the tests go on';
      this.#retries.push(`${cause.failure.message}; ${what}`);
      this.#context.outputs.events.tell({
        event: 'retried',
        suite: this.#board.name,
        what,
        reason: cause.failure.message,
      });
      this.#log.warn(this.#retries.at(-1) ?? '');
      return true;
    }
    this.#failures.push(cause.failure);
    tellFailure(this.#context.outputs.events, cause.failure, this.#board.name);
    const failed = failedBy(this.#board, stretch, cause.failure);
    if (failed) this.#add(failed);
    else this.#ofSuite(cause.failure);
    if (this.#failures.length >= faultLimit) {
      throw new Failure('board', `${this.#board.name} has faulted ${faultLimit} times: the rest has not run`);
    }
    await this.#restart(connection);
    return true;
  }

  async #restart(connection: Connection): Promise<void> {
    const { restart } = this.#claimed;
    await this.#log.step(`start ${this.#board.name} anew`, async (step) => {
      if (restart) this.#claimed = await restart(step);
      else {
        await reboot(connection, this.#board);
        this.#claimed = { ...this.#claimed, justStarted: true };
      }
      await this.#watch.attach(this.#board);
    });
  }

  /**
   * Adds a fault of the board or the kernel that belongs to no test to the list of tests. So the last line never reads
   * as a pass.
   */
  #ofSuite(failure: Failure): void {
    if (!this.#failures.includes(failure)) {
      this.#failures.push(failure);
      tellFailure(this.#context.outputs.events, failure, this.#board.name);
    }
    const last = this.#outcomes.at(-1);
    const where = last === undefined ? '' : `\nafter "${last.name}"`;
    const log = failure.log === undefined ? {} : { log: failure.log };
    const name = failure.failureClass === 'kernel' ? 'the kernel stays healthy' : 'the board stays usable';
    const reason = failure.message + where;
    this.#add({ suite: this.#board.name, name, status: 'failed', ofSuite: true, reason, ...log });
  }

  #add(outcome: TestOutcome): void {
    this.#outcomes.push(outcome);
    tellOutcome(this.#context.outputs.events, outcome);
  }

  /** A failure while the board is made ready. It may look like the board's fault, and be its kernel's. */
  async #withCause(failure: Failure): Promise<Failure> {
    const { fault } = this.#watch;
    if (failure.failureClass !== 'board' || fault?.failureClass !== 'kernel') return failure;
    return new Failure('kernel', `${this.#board.name}: ${fault.text}`, { ...kindOf(fault), log: this.#watch.file });
  }
}

function kindOf({ kind }: Fault): Pick<Fault, 'kind'> {
  return kind === undefined ? {} : { kind };
}

/** The outcome of the test that a fault happened in. It has failed, whatever the test itself said. */
function failedBy(board: Board, { culprit }: Stretch, failure: Failure): TestOutcome | undefined {
  if (!culprit) return undefined;
  const { outcome, time } = culprit;
  const own = outcome?.status === 'failed' && outcome.reason !== undefined ? `\n${outcome.reason}` : '';
  const ending = outcome ? '' : '\n(the test itself did not end)';
  const log = failure.log === undefined ? {} : { log: failure.log };
  return {
    suite: board.name,
    name: outcome?.name ?? time.title,
    status: 'failed',
    reason: `${failure.message}${own}${ending}`,
    ...log,
  };
}

interface Health {
  readonly sequence: number;
  readonly taint: string;
  readonly bootId: string;
}

async function healthOf(connection: Connection): Promise<Health> {
  const records = await readKernelLog(connection);
  const files = 'cat /proc/sys/kernel/tainted /proc/sys/kernel/random/boot_id';
  const [taint = '', bootId = ''] = (await execOk(connection, files, { timeoutMs: 15_000 })).split('\n');
  return { sequence: records.at(-1)?.seq ?? -1, taint, bootId };
}

/** Looks for a fault that was not seen when it happened. This is the last look, after all tests. */
async function unseenFault(connection: Connection, board: Board, before: Health): Promise<Failure | undefined> {
  const faults = findFaults(await readKernelLog(connection, before.sequence + 1));
  const log = board.console === undefined ? {} : { log: board.console };
  if (faults[0]) return new Failure('kernel', `${board.name}: ${faults[0].text}`, log);
  const { taint } = await healthOf(connection);
  if (taint === before.taint) return undefined;
  return new Failure('kernel', `${board.name}: the kernel's taint went from ${before.taint} to ${taint}`, log);
}
