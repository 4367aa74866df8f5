// SPDX-License-Identifier: MIT
import type { LinePlot, Point } from '../../base/record/plot.ts';
import type { Measurement } from './measurement.ts';

/** Which measurements make a plot's lines, by the text in its legend. */
type Lines = Readonly<Record<string, string>>;

function points(measurements: readonly Measurement[], lines: Lines): Point[] {
  return Object.entries(lines).flatMap(([series, wanted]) =>
    measurements.flatMap(({ name, x, value, low, high }) =>
      name !== wanted || x === undefined
        ? []
        : [{ series, x, y: value, ...(low === undefined || high === undefined ? {} : { low, high }) }],
    ),
  );
}

/** Throughput over the size of the buffers; direct mode, whose payloads have one size, as a level line. */
export function throughputPlot(measurements: readonly Measurement[], conditions: readonly string[]): LinePlot {
  const lines: Lines = {
    "the firmware's own fill rate, nobody listening": 'sweep.fill',
    'version 2: read() and write() of records, every buffer handed back': 'sweep.v2',
    'version 1: eventfd, poll(), GET_DATA_SIZE, nothing handed back': 'sweep.v1',
  };
  const direct = 'direct mode: 496-byte payloads through rpmsg_char';
  const level = measurements.find(({ name, unit }) => name === 'bulk.direct' && unit === 'MiB/s');
  const buffers = points(measurements, lines);
  const sizes = [...new Set(buffers.map(({ x }) => x))];
  return {
    title: 'Data that reaches the application, one word a page checked',
    subtitle: conditions,
    x: { title: 'size of a buffer (4 buffers, of 16 MiB 2)', scale: 'bytes' },
    y: { title: 'MiB/s', scale: 'log' },
    series: [...Object.keys(lines), direct],
    points: [...buffers, ...(level === undefined ? [] : sizes.map((x) => ({ series: direct, x, y: level.value })))],
  };
}

/** Which share of the events took no longer than how long. */
export function latencyPlot(measurements: readonly Measurement[], conditions: readonly string[]): LinePlot {
  const lines: Lines = {
    '20 bytes to the coprocessor and back through rpmsg_char': 'latency.echo',
    'an empty buffer there and back, version 2': 'latency.v2',
    'an empty buffer there and back, version 1': 'latency.v1',
  };
  return {
    title: 'One event: there and back',
    subtitle: conditions,
    x: { title: 'µs', scale: 'log' },
    y: { title: 'share of the events that took no longer, %', scale: 'linear' },
    series: Object.keys(lines),
    // The slowest per cent is the host's doing, and would take half of the plot.
    points: points(measurements, lines)
      .filter(({ x }) => x < 100)
      .map(({ series, x, y }) => ({ series, x: y, y: x })),
    smooth: true,
  };
}
