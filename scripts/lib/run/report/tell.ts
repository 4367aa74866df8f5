// SPDX-License-Identifier: MIT
import type { EventLog } from '../../base/record/event-log.ts';
import { reproduceTest } from './reproduce.ts';
import type { TestOutcome } from './outcome.ts';

/** Tells a run's events how a test ended. */
export function tellOutcome(events: EventLog, outcome: TestOutcome): void {
  const { suite, name, status, reason, log } = outcome;
  // ava puts the file before the title.
  const [first = name, ...others] = name.split(' › ');
  const file = others.length > 0 ? first : undefined;
  events.tell({
    event: 'test-ended',
    suite,
    test: file === undefined ? name : others.join(' › '),
    status,
    ...(file === undefined ? {} : { file }),
    ...(reason === undefined ? {} : { reason }),
    ...(log === undefined ? {} : { log }),
    ...(status === 'failed' ? { again: reproduceTest(outcome) } : {}),
  });
}
