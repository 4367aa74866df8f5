// SPDX-License-Identifier: MIT
import type { NewEvent } from '../../scripts/lib/base/record/events.ts';
import { parseEvents } from '../../scripts/lib/run/report/read-events.ts';
import { runOf, type Run } from '../../scripts/lib/run/report/run.ts';

/** Text that a board may send and that means something to a terminal, to XML, to HTML or to TAP. */
export const hostile =
  '</script><script>alert(1)</script>\u0000\u0007\u001b[31mred\u001b[0m ]]> ]]> " \' & # SKIP <img src=x onerror=y> \ud800 \uffff \u202e';

export const suite = 'emulated-6.1';

/** The events as they stand in a file, one second apart. */
export function eventLines(events: readonly NewEvent[]): string {
  const start = Date.parse('2026-01-01T00:00:00Z');
  return events
    .map((event, second) => `${JSON.stringify({ time: new Date(start + second * 1000).toISOString(), ...event })}\n`)
    .join('');
}

export function runOfEvents(events: readonly NewEvent[]): Run {
  return runOf(parseEvents(eventLines(events)));
}

const started: NewEvent = { event: 'run-started', verb: 'test', command: 'npm test', source: 'git 1', boards: [suite] };

/** A run in which one test passed, one failed and one was skipped. */
export const failedRun: readonly NewEvent[] = [
  started,
  { event: 'board', suite, kind: 'qemu', kernel: 'Linux 6.1', driver: 'ABC', firmware: 'def', emulator: 'QEMU 7.2' },
  { event: 'test-started', suite, test: 'good' },
  { event: 'slice', suite, test: 'good', from: 'kernel log', lines: [{ seconds: 1, text: 'all is well' }], omitted: 0 },
  { event: 'test-ended', suite, test: 'good', file: 'mmap', status: 'passed' },
  { event: 'test-started', suite, test: 'bad' },
  { event: 'slice', suite, test: 'bad', from: 'console', lines: [{ level: 3, text: 'buffer lost' }], omitted: 7 },
  {
    event: 'test-ended',
    suite,
    test: 'bad',
    file: 'mmap',
    status: 'failed',
    reason: '1 is not 2',
    again: 'npm test -- x',
  },
  { event: 'test-ended', suite, test: 'lame', status: 'skipped', reason: 'no such feature' },
  { event: 'run-ended', exitCode: 1 },
];

/** The same run, with text that no board should send in every place that takes text. */
export const hostileRun: readonly NewEvent[] = [
  { event: 'run-started', verb: 'test', command: hostile, source: hostile, boards: [hostile] },
  { event: 'board', suite: hostile, kind: 'hardware', kernel: hostile, model: hostile, console: hostile },
  { event: 'board-state', suite: hostile, state: hostile },
  { event: 'retried', suite: hostile, what: hostile, reason: hostile },
  { event: 'test-started', suite: hostile, test: hostile },
  { event: 'slice', suite: hostile, test: hostile, from: 'console', lines: [{ text: hostile }], omitted: 0 },
  { event: 'slice', suite: hostile, from: 'kernel log', lines: [{ text: hostile }], omitted: 0 },
  {
    event: 'test-ended',
    suite: hostile,
    test: hostile,
    file: hostile,
    status: 'failed',
    reason: hostile,
    again: hostile,
    log: hostile,
  },
  { event: 'test-ended', suite: hostile, test: 'another', status: 'skipped', reason: hostile },
  { event: 'figure', suite: hostile, name: hostile, title: hostile, value: 1, unit: hostile },
  {
    event: 'plot',
    suite: hostile,
    plot: {
      title: hostile,
      subtitle: [hostile],
      x: { title: hostile, scale: 'bytes' },
      y: { title: hostile, scale: 'log' },
      series: [hostile],
      points: [
        { series: hostile, x: 4096, y: 1, low: 1, high: 2 },
        { series: hostile, x: 8192, y: 2 },
      ],
    },
  },
  { event: 'failed', suite: hostile, class: 'kernel', message: hostile, remedy: hostile, log: hostile },
  { event: 'failed', class: 'board', message: hostile },
  { event: 'run-ended', exitCode: 5 },
];

/** A run that was killed while "bad" was under way and an event was being written. */
export const killedRun = `${eventLines(failedRun.slice(0, 7))}{"time":"2026-01-01T00:00:07Z","event":"test-en`;
