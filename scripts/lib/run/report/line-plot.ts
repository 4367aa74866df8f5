// SPDX-License-Identifier: MIT
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Axis, LinePlot, Point } from '../../base/record/plot.ts';

const bytesLabel =
  "datum.value >= 1048576 ? datum.value / 1048576 + ' MiB' : datum.value >= 1024 ? datum.value / 1024 + ' KiB' : datum.value";

/** A line a series over x as SVG that needs nothing else: no script, no font file, no style sheet. */
export async function linePlotSvg(plot: LinePlot): Promise<string> {
  const spec = compile(specification(plot)).spec;
  return `${await new View(parse(spec), { renderer: 'none' }).toSVG()}\n`;
}

function specification(plot: LinePlot): TopLevelSpec {
  const x = { field: 'x', type: 'quantitative' as const, scale: scale(plot.x), axis: axis(plot.x, plot.points) };
  const color = {
    field: 'series',
    type: 'nominal' as const,
    sort: [...plot.series],
    legend: { title: null, orient: 'bottom' as const, columns: 1, labelLimit: 600, symbolOpacity: 1 },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: plot.title, subtitle: [...plot.subtitle], anchor: 'start', subtitleColor: '#555' },
    data: { values: [...plot.points] },
    width: 560,
    height: 300,
    background: 'white',
    padding: 12,
    config: { font: 'sans-serif', axis: { gridColor: '#e4e4e4' }, view: { stroke: null } },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'area', opacity: 0.18 },
        encoding: { x, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
      {
        mark: plot.smooth === true ? { type: 'line' } : { type: 'line', point: true },
        encoding: { x, y: { field: 'y', type: 'quantitative', scale: scale(plot.y), axis: axis(plot.y, []) }, color },
      },
    ],
  };
}

function scale(axis: Axis) {
  if (axis.scale === 'linear') return { zero: true };
  return { type: 'log' as const, base: axis.scale === 'bytes' ? 2 : 10, nice: axis.scale !== 'bytes' };
}

/** Sizes are marked where something was measured, and nowhere else. */
function axis({ title, scale }: Axis, points: readonly Point[]) {
  if (scale !== 'bytes') return { title };
  return { title, labelExpr: bytesLabel, values: [...new Set(points.map((point) => point.x))].sort((a, b) => a - b) };
}
