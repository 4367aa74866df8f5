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
    // Nothing of this process runs meanwhile. It looks by itself when it may go on, so it cannot miss a message.
    while (isStopped(harness)) Atomics.wait(clock, 0, 0, lookMs);
  };
  setInterval(look, lookMs).unref();
}

/** Whether a process was stopped by a signal. A process cannot hear SIGSTOP, and so cannot hand it on. */
function isStopped(pid: string): boolean {
  try {
    // The file has "number (name) state …". The name may be anything.
    return /^\d+ \(.*\) T /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
