// SPDX-License-Identifier: MIT
import type { EventLog } from './event-log.ts';

/** Does a part of a run, and tells how long it took, however it ended. So one sees where a run's time went. */
export async function stage<T>(events: EventLog, name: string, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  try {
    return await work();
  } finally {
    events.tell({ event: 'stage', name, ms: Date.now() - begun });
  }
}
