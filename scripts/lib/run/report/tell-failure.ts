// SPDX-License-Identifier: MIT
import type { Failure } from '../../base/failure/failure.ts';
import type { EventLog } from '../../base/record/event-log.ts';

/** Tells a run's events of what decides its exit code; without `suite` it is of the run as a whole. */
export function tellFailure(events: EventLog, failure: Failure, suite?: string): void {
  events.tell({
    event: 'failed',
    class: failure.failureClass,
    message: failure.message,
    ...(suite === undefined ? {} : { suite }),
    ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }),
    ...(failure.log === undefined ? {} : { log: failure.log }),
  });
}
