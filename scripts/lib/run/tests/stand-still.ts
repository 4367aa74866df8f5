// SPDX-License-Identifier: MIT
/**
 * The process of the tests stands still for as long as the harness does. A harness that is stopped gives no sign of
 * life to the board's lock. So the lock falls, and nothing may be tested without it.
 */
import { readFileSync } from 'node:fs';

/** Names the process of the harness that has the board. */
export const harnessVariable = 'RPMSG_SDB_HARNESS';

const lookMs = 200;

/** Called by the process of the tests. */
export function standStillWithHarness(): void {
  const harness = process.env[harnessVariable];
  if (harness === undefined) return;
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const look = () => {
    // Nothing of this process runs meanwhile: it goes on by itself, so it cannot miss being told to.
    while (isStopped(harness)) Atomics.wait(clock, 0, 0, lookMs);
  };
  setInterval(look, lookMs).unref();
}

/** By a signal: SIGSTOP cannot be heard, and so cannot be handed on. */
function isStopped(pid: string): boolean {
  try {
    // "number (name) state …"; the name may be anything.
    return /^\d+ \(.*\) T /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
