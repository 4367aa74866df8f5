// SPDX-License-Identifier: MIT
import type { LinePlot } from '../../base/record/plot.ts';
import type { EventLog } from '../../base/record/event-log.ts';
import { historyPlots } from '../report/history.ts';
import type { Figure } from '../report/run.ts';
import { isReached, type Measurement } from './measurement.ts';
import { goalText, titleOf } from './table.ts';

/** Figures whose change over the last runs is drawn. */
const followed = ['bulk.v2', 'bulk.direct', 'event.v2', 'event.v1', 'event.echo', 'rate.v2.batched', 'rate.v2.single'];

/** Tells a run's events what was measured on a board, and how it went over the runs before it. */
export async function tellMeasurements(
  events: EventLog,
  directory: string,
  suite: string,
  measurements: readonly Measurement[],
  plots: readonly LinePlot[],
): Promise<void> {
  // What is measured over a range is in the plots.
  const figures = measurements.filter(({ name }) => !/^(sweep|latency)\./.test(name)).map(asFigure);
  for (const figure of figures) events.tell({ event: 'figure', suite, ...figure });
  const history = await historyPlots(
    directory,
    suite,
    figures.filter(({ name }) => followed.includes(name)),
  );
  for (const plot of [...plots, ...history]) events.tell({ event: 'plot', suite, plot });
}

function asFigure(m: Measurement): Figure {
  const { name, x, ratioTo, value, unit, low, high, goal } = m;
  return {
    name: ratioTo !== undefined ? `${name}/${ratioTo}` : name.startsWith('live') ? `${name}@${x}` : name,
    title: titleOf(m),
    value,
    unit,
    ...(low === undefined || high === undefined ? {} : { low, high }),
    ...(goal === undefined ? {} : { goal: { text: goalText(goal), reached: isReached(m) } }),
  };
}
