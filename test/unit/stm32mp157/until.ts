// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until it is so. The test's own timeout ends what never comes. */
export async function until(so: () => Promise<boolean>): Promise<void> {
  while (!(await so())) await sleep(1);
}
