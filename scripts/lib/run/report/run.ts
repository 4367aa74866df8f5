// SPDX-License-Identifier: MIT
import { worstExitCode } from '../../base/failure/worst.ts';
import type { LinePlot } from '../../base/record/plot.ts';
import type { EventOf, RunEvent } from '../../base/record/events.ts';
import type { ReadEvents } from './read-events.ts';

/** What the console or the kernel's log said in one stretch of time. */
export type Slice = Pick<EventOf<'slice'>, 'from' | 'lines' | 'omitted'>;

/** A test as the events tell of it. */
export interface TestRecord {
  readonly suite: string;
  readonly name: string;
  file?: string;
  /** "unfinished": it began, and the run went no further */
  status: 'passed' | 'failed' | 'skipped' | 'unfinished';
  reason?: string;
  again?: string;
  log?: string;
  startedAt?: number;
  /** milliseconds, where its beginning was told */
  ms?: number;
  readonly slices: Slice[];
}

export type BoardFacts = Omit<EventOf<'board'>, 'event' | 'time' | 'suite'>;
export type Figure = Omit<EventOf<'figure'>, 'event' | 'time' | 'suite'>;
export type RunFailure = Omit<EventOf<'failed'>, 'event'>;

/** A part of the run, and how long it took. */
export interface Stage {
  readonly name: string;
  /** milliseconds since 1970 */
  readonly startedAt: number;
  readonly ms: number;
}

/** A board, or a part of the run that needs none. */
export interface Suite {
  readonly name: string;
  board: BoardFacts | undefined;
  readonly tests: TestRecord[];
  /** what was said outside of any test */
  readonly slices: Slice[];
  readonly states: string[];
  readonly retries: Pick<EventOf<'retried'>, 'what' | 'reason'>[];
  readonly figures: Figure[];
  readonly plots: LinePlot[];
}

/** A run, or several merged into one, as the reports show it. */
export interface Run {
  readonly suites: readonly Suite[];
  readonly failures: readonly RunFailure[];
  readonly stages: readonly Stage[];
  /** of the process that began first */
  readonly command: string | undefined;
  readonly verb: string | undefined;
  readonly source: string | undefined;
  readonly startedAt: string | undefined;
  /** of the last event */
  readonly lastAt: string | undefined;
  /** the worst of those that took part; undefined when one of them never ended */
  readonly exitCode: number | undefined;
  readonly damaged: number;
}

/** The run that these events tell of. Never fails: what is missing stays undefined. */
export function runOf({ events, damaged }: ReadEvents): Run {
  const suites = new Map<string, Suite>();
  const started: EventOf<'run-started'>[] = [];
  const failures: RunFailure[] = [];
  const ends: number[] = [];
  const stages: Stage[] = [];
  for (const event of events) {
    if (event.event === 'run-started') started.push(event);
    else if (event.event === 'run-ended') ends.push(event.exitCode);
    else if (event.event === 'failed') failures.push(event);
    else if (event.event === 'stage') {
      stages.push({ name: event.name, startedAt: Date.parse(event.time) - event.ms, ms: event.ms });
    } else addTo(suiteNamed(suites, event.suite), event);
  }
  const first = started[0];
  return {
    suites: [...suites.values()],
    failures,
    stages,
    command: first?.command,
    verb: first?.verb,
    source: first?.source,
    startedAt: events[0]?.time,
    lastAt: events.at(-1)?.time,
    exitCode: ends.length === 0 || ends.length < started.length ? undefined : worstExitCode(ends),
    damaged,
  };
}

function suiteNamed(suites: Map<string, Suite>, name: string): Suite {
  const known = suites.get(name);
  if (known) return known;
  const suite: Suite = {
    name,
    board: undefined,
    tests: [],
    slices: [],
    states: [],
    retries: [],
    figures: [],
    plots: [],
  };
  suites.set(name, suite);
  return suite;
}

type SuiteEvent = Exclude<RunEvent, { event: 'run-started' | 'run-ended' | 'failed' | 'stage' }>;

function addTo(suite: Suite, event: SuiteEvent): void {
  switch (event.event) {
    case 'board':
      suite.board = { ...suite.board, ...event };
      break;
    case 'board-state':
      suite.states.push(event.state);
      break;
    case 'test-started':
      startTest(suite, event);
      break;
    case 'test-ended':
      endTest(suite, event);
      break;
    case 'slice':
      (testOf(suite, event)?.slices ?? suite.slices).push(event);
      break;
    case 'retried':
      suite.retries.push(event);
      break;
    case 'figure':
      suite.figures.push(event);
      break;
    case 'plot':
      suite.plots.push(event.plot);
      break;
  }
}

function testOf(suite: Suite, { test }: EventOf<'slice'>): TestRecord | undefined {
  return suite.tests.findLast(({ name, status }) => (test === undefined ? status === 'unfinished' : name === test));
}

/** A test that begins again, as after a lost link, is one test. What it did before does not count. */
function startTest(suite: Suite, event: EventOf<'test-started'>): void {
  const isBefore = ({ name, status }: TestRecord) =>
    name === event.test && (status === 'unfinished' || status === 'failed');
  const place = suite.tests.findIndex(isBefore);
  suite.tests.splice(place < 0 ? suite.tests.length : place, 1, {
    suite: suite.name,
    name: event.test,
    status: 'unfinished',
    startedAt: Date.parse(event.time),
    slices: [],
    ...(event.again === undefined ? {} : { again: event.again }),
  });
}

/** A failed test may be told of twice, as when its board turns out to be at fault. Both are said of the same test. */
function endTest(suite: Suite, event: EventOf<'test-ended'>): void {
  const named = suite.tests.filter((test) => test.name === event.test);
  const begun =
    named.find(({ status }) => status === 'unfinished') ??
    named.find(({ status, file }) => status === 'failed' && event.status === 'failed' && file === event.file);
  const test: TestRecord = begun ?? { suite: suite.name, name: event.test, status: event.status, slices: [] };
  if (!begun) suite.tests.push(test);
  if (test.startedAt !== undefined && test.status === 'unfinished') test.ms = Date.parse(event.time) - test.startedAt;
  test.status = event.status;
  if (event.file !== undefined) test.file = event.file;
  if (event.reason !== undefined) test.reason = event.reason;
  if (event.again !== undefined) test.again = event.again;
  if (event.log !== undefined) test.log = event.log;
}

/** Counts of how tests ended. */
export type Counts = Readonly<Record<TestRecord['status'], number>>;

export function countTests(tests: readonly TestRecord[]): Counts {
  const count = (status: TestRecord['status']) => tests.filter((test) => test.status === status).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    unfinished: count('unfinished'),
  };
}
