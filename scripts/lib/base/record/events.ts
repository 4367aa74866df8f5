// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { exitCodes, type FailureClass } from '../failure/failure.ts';
import { plotSchema } from './plot.ts';

/**
 * What happens in a run, one JSON object a line in the run's events.jsonl. The reports are built from these alone, so
 * they can be made of a run that was killed, and of several runs together. `suite` names where something belongs:
 * "check", "unit", or a board. Text that came from a board is in here as it came; whoever shows it makes it harmless.
 */
const time = z.iso.datetime();
const suite = z.string().min(1);
function event<const Name extends string, Shape extends z.core.$ZodLooseShape>(name: Name, shape: Shape) {
  return z.object({ event: z.literal(name), time, ...shape });
}
const failureClass = z.enum(Object.keys(exitCodes) as [FailureClass, ...FailureClass[]]);

/** The first event of a run, and of each process that takes part in it. */
const runStarted = event('run-started', {
  verb: z.string(),
  /** the command line that does the same again */
  command: z.string(),
  /** commit of the checkout, "+changes" when it has any; undefined outside of git */
  source: z.string().optional(),
  /** boards that are to be tested */
  boards: z.array(z.string()).readonly(),
});

/** What a board is and what runs on it. May come in parts, as they become known: later ones add to earlier ones. */
const boardFacts = event('board', {
  suite,
  kind: z.enum(['qemu', 'hardware']).optional(),
  /** `uname -r` */
  kernel: z.string().optional(),
  /** what the device tree calls the machine */
  model: z.string().optional(),
  /** the driver's srcversion, else its sha256 */
  driver: z.string().optional(),
  /** sha256 of the coprocessor's firmware */
  firmware: z.string().optional(),
  /** QEMU's version */
  emulator: z.string().optional(),
  /** file that keeps everything the console said */
  console: z.string().optional(),
});

/** The board has come to a state of its life ("reachable", "module loaded", …). */
const boardState = event('board-state', { suite, state: z.string() });

/** A test begins. Optional, but a test that has begun and never ended is where a run was cut off. */
const testStarted = event('test-started', {
  suite,
  test: z.string(),
  /** the command that runs it alone */
  again: z.string().optional(),
});

const testEnded = event('test-ended', {
  suite,
  test: z.string(),
  /** the file it stands in, without folder and ending */
  file: z.string().optional(),
  status: z.enum(['passed', 'failed', 'skipped']),
  /** why it failed or was skipped */
  reason: z.string().optional(),
  /** the command that runs it alone */
  again: z.string().optional(),
  /** the file that shows more */
  log: z.string().optional(),
});

/**
 * What the console or the kernel's log said while a test ran. Without `test` it belongs to the test that is under way,
 * if there is one.
 */
const slice = event('slice', {
  suite,
  test: z.string().optional(),
  from: z.enum(['console', 'kernel log']),
  lines: z.array(
    z.object({
      /** seconds, of the board's clock in the kernel's log, and since the test's beginning on the console */
      seconds: z.number().optional(),
      /** 0 emergency … 7 debug */
      level: z.number().int().optional(),
      text: z.string(),
    }),
  ),
  /** lines before these that were left out */
  omitted: z.number().int().nonnegative(),
});

/** Something of the infrastructure that did not work at once and was tried again; never an assertion. */
const retried = event('retried', {
  suite,
  what: z.string(),
  reason: z.string(),
});

/** One measured number. */
const figure = event('figure', {
  suite,
  /** what it is in every run, for its history: "bulk.v2" */
  name: z.string(),
  /** what it is to a person */
  title: z.string(),
  value: z.number(),
  /** "ratio" for a number without one */
  unit: z.string(),
  /** quartiles, where it was measured several times */
  low: z.number().optional(),
  high: z.number().optional(),
  goal: z.object({ text: z.string(), reached: z.boolean() }).optional(),
});

/** Measured numbers as they are to be drawn. */
const plot = event('plot', { suite, plot: plotSchema });

/** What decides the exit code, other than a failed test; without `suite` it is of the run as a whole. */
const failed = event('failed', {
  suite: suite.optional(),
  class: failureClass,
  message: z.string(),
  remedy: z.string().optional(),
  log: z.string().optional(),
});

/** A part of the run has ended: set-up, checks, the building, starting, deploying and testing of a board. They may overlap. */
const stage = event('stage', {
  name: z.string(),
  /** milliseconds that it took; it began so long before `time` */
  ms: z.number().nonnegative(),
});

/** The last event of a run. A run without it was killed, or still runs. */
const runEnded = event('run-ended', { exitCode: z.number().int() });

export const runEventSchema = z.discriminatedUnion('event', [
  runStarted,
  boardFacts,
  boardState,
  testStarted,
  testEnded,
  slice,
  retried,
  figure,
  plot,
  failed,
  stage,
  runEnded,
]);

export type RunEvent = z.infer<typeof runEventSchema>;
export type EventOf<Name extends RunEvent['event']> = Extract<RunEvent, { event: Name }>;

/** An event as it is handed in; the time is added when it is written. */
export type NewEvent = { [Name in RunEvent['event']]: Omit<EventOf<Name>, 'time'> }[RunEvent['event']];
