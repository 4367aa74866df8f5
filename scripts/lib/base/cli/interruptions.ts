// SPDX-License-Identifier: MIT
import { exitCodes, Failure, type FailureKind } from '../failure/failure.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const parentEveryMs = 1000;
/**
 * Within this time a second signal is the same key press. The terminal sends one to all of its foreground processes,
 * and npm hands on what it gets. A CI system that signals a whole group does the same. Nobody presses a key twice as
 * fast.
 */
const sameMs = 500;

/** What is to end a verb. */
export interface Interruption {
  /** the verb is to end in order */
  readonly signal: AbortSignal;
  /** asked a second time: long clean-ups are given up, short ones (the reports) are still done */
  readonly hurry: AbortSignal;
}

/**
 * Aborts a signal when the verb is to end: at SIGINT, SIGTERM and SIGHUP, when nobody reads its output any more, and
 * when the npm that started us ends. A CI system that cancels a job may kill npm alone. Nothing is to go on without
 * it.
 */
export function onInterruption(): Interruption {
  const [stop, hurry] = [new AbortController(), new AbortController()];
  let heardAt = 0;
  const interrupt = (by: string, kind?: FailureKind) =>
    stop.abort(new Failure('interrupted', `stopped by ${by}`, kind === undefined ? {} : { kind }));
  const onSignal = (by: string) => {
    const isSame = Date.now() - heardAt < sameMs;
    heardAt = Date.now();
    if (!stop.signal.aborted) interrupt(by);
    else if (isSame) return;
    else if (!hurry.signal.aborted) hurry.abort();
    else process.exit(exitCodes.interrupted);
  };
  for (const signal of signals) process.on(signal, () => onSignal(signal));
  unreadOutput(interrupt);
  endOfParent(interrupt);
  return { signal: stop.signal, hurry: hurry.signal };
}

/** `… | head` reads what it wants and goes: the verb ends in order, and says nothing more. */
function unreadOutput(interrupt: (by: string, kind?: FailureKind) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') interrupt('the end of who read its output', 'unread');
      else interrupt(`its output: ${error.message}`);
    });
  }
}

function endOfParent(interrupt: (by: string) => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    interrupt('the end of npm');
  }, parentEveryMs);
  timer.unref();
}
