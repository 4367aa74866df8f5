// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurement } from '../../scripts/lib/run/bench/measurement.ts';
import { throughputPlot } from '../../scripts/lib/run/bench/plots.ts';
import { tellMeasurements } from '../../scripts/lib/run/bench/tell.ts';
import { EventLog } from '../../scripts/lib/base/record/event-log.ts';
import { parseEvents } from '../../scripts/lib/run/report/read-events.ts';
import { runOf, type Suite } from '../../scripts/lib/run/report/run.ts';
import { test } from './together.ts';

const measurements = (rate: number) => [
  measurement('bulk.v2', 'MiB/s', { value: rate, low: rate - 1, high: rate + 1 }, { x: 1 << 20 }),
  measurement('bulk.v2', 'ratio', 0.9, { x: 1 << 20, ratioTo: 'bulk.fill', goal: { atLeast: 0.95 } }),
  measurement('live.v2', 'µs', 5, { x: 1 }),
  measurement('live.v2', 'µs', 6, { x: 1000 }),
  measurement('sweep.v2', 'MiB/s', 1, { x: 4096 }),
  measurement('sweep.v2', 'MiB/s', 2, { x: 8192 }),
];

test('what was measured is told as figures, plots and their history', async (t) => {
  const out = mkdtempSync(join(tmpdir(), 'rpmsg-sdb-bench-'));
  t.teardown(() => rmSync(out, { recursive: true }));
  const run = async (name: string, rate: number): Promise<Suite | undefined> => {
    const directory = join(out, name);
    mkdirSync(directory);
    const file = join(directory, 'events.jsonl');
    const all = measurements(rate);
    await tellMeasurements(new EventLog(() => file), directory, 'a-board', all, [throughputPlot(all, ['here'])]);
    const read = parseEvents(readFileSync(file, 'utf8'));
    t.is(read.damaged, 0);
    return runOf(read).suites[0];
  };
  const first = await run('20260101-000000-a', 10);
  t.is(first?.plots.length, 1);
  const second = await run('20260102-000000-a', 12);
  t.deepEqual(
    second?.figures.map(({ name, value, goal }) => [name, value, goal?.reached]),
    [
      ['bulk.v2', 12, undefined],
      ['bulk.v2/bulk.fill', 0.9, false],
      ['live.v2@1', 5, undefined],
      ['live.v2@1000', 6, undefined],
    ],
  );
  const [throughput, history] = second?.plots ?? [];
  t.true(throughput?.points.some(({ x, y }) => x === 8192 && y === 2));
  t.deepEqual(
    history?.points.map(({ x, y }) => [x, y]),
    [
      [-1, 10],
      [0, 12],
    ],
  );
});
