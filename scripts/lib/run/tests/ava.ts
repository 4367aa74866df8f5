// SPDX-License-Identifier: MIT
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { startGroup } from '../../base/process/process-group.ts';
import type { Step } from '../../base/log/log.ts';
import type { Outputs } from '../../base/record/outputs.ts';
import type { TestOutcome } from '../report/outcome.ts';
import { askedFor, avaProgram, listTitles } from './declared.ts';
import { progressVariable, readTests } from './progress.ts';
import { Scratch } from './scratch.ts';
import { tapReader } from './tap.ts';
import { tellOutcome } from '../report/tell.ts';

export interface AvaRun {
  /** the checkout */
  readonly root: string;
  readonly suite: string;
  /** what the run's own files are called, for a suite that has several runs */
  readonly part?: string;
  /**
   * files whose tests do not disturb each other may run side by side; without this they run one after the other,
   * because they share a board
   */
  readonly filesAtOnce?: number;
  /** everything else on this host goes first */
  readonly inBackground?: boolean;
  readonly files: readonly string[];
  /** only tests whose title holds this */
  readonly grep: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs: Outputs;
  /** the run is interrupted */
  readonly signal: AbortSignal;
  /** the tests are given up, and their results so far are kept */
  readonly cut?: AbortSignal;
  readonly step: Step;
  /** multiplies the time that the run may take */
  readonly patience?: number;
  /**
   * ava gives up all tests when none has ended for so long. Where this is missing, package.json says how long. No test
   * may want more time for itself: what comes after it would neither run nor be counted.
   */
  readonly idleMs?: number;
  /** titles of tests that are not to run, or not again; the file's name stands before them */
  readonly except?: readonly string[];
  /** the caller knows all tests by name, and accounts for those that did not run */
  readonly knowsItsTests?: true;
  /** true once the tests have lost their board. That they did not end as they should is then no finding of its own */
  readonly isOver?: () => boolean;
  /** hears of each outcome that the run's events were told of */
  readonly onTold?: (outcome: TestOutcome) => void;
}

/** A run of ava may take no longer than this. */
const limitMs = 20 * 60_000;

/**
 * Runs test files with ava, and returns how each test ended. A run that does not end as it should counts as a failed
 * test.
 */
export async function runAva(o: AvaRun): Promise<TestOutcome[]> {
  const scratch = await Scratch.make();
  try {
    return await runIn(scratch, o);
  } finally {
    await scratch.remove();
  }
}

async function runIn(scratch: Scratch, o: AvaRun): Promise<TestOutcome[]> {
  const timeout = limitMs * (o.patience ?? 1);
  const log = o.outputs.file(`${partOf(o)}.tap`);
  const errors = o.outputs.file(`${partOf(o)}.stderr`);
  let failed = 0;
  const withLog = (outcome: TestOutcome) => (outcome.status === 'failed' ? { ...outcome, log } : outcome);
  const reader = tapReader(o.suite, (outcome) => {
    if (outcome.status === 'failed') failed++;
    // If the board has gone, its suite judges what ends from now on.
    if (o.isOver?.() !== true) {
      tellOutcome(o.outputs.events, withLog(outcome));
      if (outcome.status === 'failed') o.step.fail();
      o.onTold?.(outcome);
    }
    const count = reader.outcomes.length;
    o.step.progress(`${count} tests${failed > 0 ? `, ${failed} failed` : ''}: ${outcome.name}`);
  });
  const except = (o.except ?? []).map((title) => `!* › ${title}`);
  const patterns = o.grep === undefined && except.length === 0 ? [] : [`*${o.grep ?? ''}*`, ...except];
  const match = patterns.flatMap((pattern) => ['--match', pattern]);
  const idle = o.idleMs === undefined ? [] : [`--timeout=${o.idleMs}ms`];
  const sideBySide = o.filesAtOnce === undefined ? [] : [`--concurrency=${o.filesAtOnce}`];
  const ava = [avaProgram(o.root), '--tap', ...idle, ...sideBySide, ...match, ...o.files];
  // All of ava's processes are in one group, and end together. If ava ended them, that would be too late for a board
  // that is to be set up anew.
  const group = startGroup(o.inBackground === true ? ['nice', '-n', '10', ...ava] : ava, {
    cwd: o.root,
    env: { [progressVariable]: notesOf(o), ...o.env, TMPDIR: scratch.directory },
    signal: o.cut ? AbortSignal.any([o.signal, o.cut]) : o.signal,
    timeoutMs: timeout,
  });
  const tap = createWriteStream(log);
  group.stdout.on('data', (data: Buffer) => {
    tap.write(data);
    reader.parser.write(data);
  });
  group.stderr.pipe(createWriteStream(errors));
  const ended = await group.ended;
  o.signal.throwIfAborted();
  reader.parser.end();
  tap.end();
  const said = await readFile(errors, 'utf8').catch(() => '');
  if (match.length > 0 && reader.isEmpty()) return [];
  const problem = ended.timedOut ? `not done after ${timeout / 60_000} minutes` : reader.problem();
  const problemOutcome = (reason: string): TestOutcome => {
    const outcome = {
      suite: o.suite,
      name: 'the test run as a whole',
      status: 'failed',
      ofSuite: true,
      reason: [reason, said.trim().slice(-1500)].filter((text) => text !== '').join('\n'),
      log,
    } as const;
    tellOutcome(o.outputs.events, outcome);
    return outcome;
  };
  const outcomes = reader.outcomes.map(withLog);
  // Whoever sees the board's end reports it.
  if (o.isOver?.() === true) return outcomes;
  if (o.knowsItsTests !== true) outcomes.push(...(await notRun(o, outcomes, problem !== undefined)));
  if (problem !== undefined) return [...outcomes, problemOutcome(problem)];
  // A failure outside any test (an exception after the last one) shows only in the exit code.
  if (ended.exitCode !== 0 && failed === 0) {
    return [...outcomes, problemOutcome(`ava ended with ${ended.exitCode ?? ended.signal ?? 'no exit code'}`)];
  }
  // Tests that failed may not have come to the place where they tidy up.
  const left = failed > 0 ? [] : await scratch.leftovers();
  if (left.length === 0) return outcomes;
  return [...outcomes, problemOutcome(`the tests left behind in the temporary directory: ${left.join(', ')}`)];
}

/** The file in which the process of the tests says which tests there are. */
const notesOf = (o: AvaRun): string => o.outputs.file(`${partOf(o)}.tests`);

const partOf = ({ part, suite }: AvaRun): string => part ?? suite;

/** Tests that have no outcome count, too. isCutOff: ava may have ended before it had loaded all of them. */
async function notRun(o: AvaRun, outcomes: readonly TestOutcome[], isCutOff: boolean): Promise<TestOutcome[]> {
  const { root, files, env = {}, signal, suite } = o;
  const titles = isCutOff ? await listTitles({ root, files, env, signal }, notesOf(o)) : readTests(notesOf(o));
  // TAP makes several spaces one.
  const asTold = (name: string) => name.replaceAll(/\s+/g, ' ').trim();
  const have = new Set(outcomes.map(({ name }) => asTold(name)));
  return askedFor(titles, o.grep).flatMap((name) => {
    if (have.has(asTold(name))) return [];
    const outcome = { suite, name, status: 'skipped', reason: 'not run: the tests ended before it' } as const;
    tellOutcome(o.outputs.events, outcome);
    return [outcome];
  });
}
