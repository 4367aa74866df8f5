// SPDX-License-Identifier: MIT

import { isReached, measurement, type Goal } from '../../scripts/lib/run/bench/measurement.ts';
import { latencyPlot, throughputPlot } from '../../scripts/lib/run/bench/plots.ts';
import { linePlotSvg } from '../../scripts/lib/run/report/line-plot.ts';
import { ratioSpread, spread } from '../../scripts/lib/run/bench/statistics.ts';
import { rowText } from '../../scripts/lib/run/bench/table.ts';
import { test } from './together.ts';

test('rounds amount to their median and the quartiles around it', (t) => {
  t.deepEqual(spread([5, 1, 3, 2, 4]), { value: 3, low: 2, high: 4 });
  t.deepEqual(spread([1, 2]), { value: 1.5, low: 1.25, high: 1.75 });
  t.deepEqual(spread([7]), { value: 7, low: 7, high: 7 });
});

test('a ratio is taken round by round, so that a slow round of both sides does not count', (t) => {
  t.is(ratioSpread([10, 100, 12], [20, 200, 24]).value, 0.5);
});

test('a goal is reached at its very limit, and exactly means exactly', (t) => {
  const reached = (value: number, goal: Goal) => isReached(measurement('any', 'ratio', value, { goal }));
  t.true(reached(0.95, { atLeast: 0.95 }));
  t.false(reached(0.949, { atLeast: 0.95 }));
  t.true(reached(0.25, { atMost: 0.25 }));
  t.false(reached(0.251, { atMost: 0.25 }));
  t.true(reached(1, { exactly: 1 }));
  t.false(reached(0.9999, { exactly: 1 }));
  t.true(isReached(measurement('any', 'ratio', 3)));
});

test('a row of the table has what was divided by what, the spread, and whether the goal was reached', (t) => {
  const of = { value: 0.7, low: 0.65, high: 0.8 };
  const row = rowText(measurement('event.v2', 'ratio', of, { ratioTo: 'event.v1', goal: { atMost: 0.75 } })) ?? '';
  t.regex(row, /version 2 \/ .*version 1 +0\.700 \(0\.650 … 0\.800\) +goal ≤ 0\.75: ok$/);
  t.regex(
    rowText(measurement('event.v2', 'ratio', 0.8, { ratioTo: 'event.v1', goal: { atMost: 0.75 } })) ?? '',
    /MISSED$/,
  );
  t.is(rowText(measurement('latency.v2', 'µs', 1, { x: 50 })), undefined);
});

test('plots are SVG that fetches nothing, with their conditions and every line in them', async (t) => {
  const measurements = [
    measurement('bulk.direct', 'MiB/s', 4),
    ...[4096, 1048576].flatMap((x) => [
      measurement('sweep.fill', 'MiB/s', { value: 300, low: 290, high: 310 }, { x }),
      measurement('sweep.v1', 'MiB/s', 250, { x }),
      measurement('sweep.v2', 'MiB/s', 290, { x }),
    ]),
    ...[0, 50, 99, 100].flatMap((x) =>
      ['echo', 'v1', 'v2'].map((way) => measurement(`latency.${way}`, 'µs', 400 + x, { x })),
    ),
  ];
  const throughput = await linePlotSvg(throughputPlot(measurements, ['a board', 'medians']));
  const latency = await linePlotSvg(latencyPlot(measurements, ['a board', 'medians']));
  for (const svg of [throughput, latency]) {
    t.regex(svg, /^<svg /);
    t.notRegex(svg.replaceAll(/xmlns(:\w+)?="[^"]*"/g, ''), /https?:|<script|<image/);
    t.true(svg.includes('a board'));
  }
  for (const text of ['4 KiB', '1 MiB', 'direct mode', 'version 1', 'version 2'])
    t.true(throughput.includes(text), text);
  for (const text of ['rpmsg_char', 'version 1', 'version 2']) t.true(latency.includes(text), text);
});
