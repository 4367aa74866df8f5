// SPDX-License-Identifier: MIT
import { exitCodes, Failure } from '../failure/failure.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const parentEveryMs = 1000;

/**
 * Turns what is to end a verb into the abortion of a signal: SIGINT, SIGTERM, SIGHUP, and the end of the npm that started us
 * (a CI system that cancels a job may kill npm alone, and nothing is to go on without it).
 */
export function onInterruption(abort: AbortController): void {
  const interrupt = (by: string) => {
    // A second signal while the first is being dealt with: the person means it.
    if (abort.signal.aborted) process.exit(exitCodes.interrupted);
    abort.abort(new Failure('interrupted', `stopped by ${by}`));
  };
  for (const signal of signals) process.on(signal, () => interrupt(signal));
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    interrupt('the end of npm');
  }, parentEveryMs);
  timer.unref();
}
