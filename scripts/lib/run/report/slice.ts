// SPDX-License-Identifier: MIT
import type { EventOf, NewEvent } from '../../base/record/events.ts';

/** More would hide what matters, and make the report hard to open. */
const keptLines = 300;

/** What was said while a test ran, as an event: its last lines, and how many were left out before them. */
export function sliceOf(
  test: { readonly suite: string; readonly title: string },
  from: EventOf<'slice'>['from'],
  lines: EventOf<'slice'>['lines'],
): NewEvent {
  const omitted = Math.max(0, lines.length - keptLines);
  return { event: 'slice', suite: test.suite, test: test.title, from, lines: lines.slice(omitted), omitted };
}
