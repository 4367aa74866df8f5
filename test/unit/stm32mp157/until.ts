// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until it is so. If it never is, the test's own timeout ends this. */
export async function until(so: () => Promise<boolean>): Promise<void> {
  while (!(await so())) await sleep(1);
}
