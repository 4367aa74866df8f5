// SPDX-License-Identifier: MIT
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { Failure } from '../../base/failure/failure.ts';
import type { Log, Step } from '../../base/log/log.ts';
import { sideBySide } from '../../base/process/side-by-side.ts';
import type { Outputs } from '../../base/record/outputs.ts';
import { checkSuite, type TestOutcome } from '../report/outcome.ts';
import { tellOutcome } from '../report/tell.ts';

/** A static check: nothing found is a pass. Text found is what it has to say. */
export interface Check {
  readonly name: string;
  run(log: Log): Promise<string | undefined>;
}

const shownLines = 30;

/** Lint and type check take up to a gigabyte each. */
const mostAtOnce = 4;

/** Runs checks, as many at a time as there are cores; each counts as a test. */
export async function runChecks(
  checks: readonly Check[],
  grep: string | undefined,
  o: { log: Log; outputs: Outputs; signal: AbortSignal },
): Promise<TestOutcome[]> {
  const wanted = checks.filter(({ name }) => grep === undefined || name.includes(grep));
  return sideBySide(wanted, Math.min(availableParallelism(), mostAtOnce), async (check) => {
    o.signal.throwIfAborted();
    const outcome = await o.log.step(check.name, (step) => outcomeOf(check, step, o.outputs));
    tellOutcome(o.outputs.events, outcome);
    return outcome;
  });
}

async function outcomeOf(check: Check, log: Step, outputs: Outputs): Promise<TestOutcome> {
  const base = { suite: checkSuite, name: check.name };
  const found = await check.run(log).catch((error: unknown) => {
    // If a tool cannot be had, that is the host's fault, and it ends the run. What a tool finds is a failed test.
    if (!(error instanceof Failure) || error.failureClass !== 'test') throw error;
    return error.message;
  });
  if (found === undefined) return { ...base, status: 'passed' };
  log.fail();
  const file = outputs.file(`check-${check.name.replaceAll(/[^\w.]+/g, '-')}.log`);
  const text = stripVTControlCharacters(found);
  await writeFile(file, `${text}\n`);
  const lines = text.split('\n');
  const more = lines.length > shownLines ? [`… ${lines.length - shownLines} more lines`] : [];
  return { ...base, status: 'failed', reason: [...lines.slice(0, shownLines), ...more].join('\n'), log: file };
}
