// SPDX-License-Identifier: MIT
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LinePlot, Point } from '../../base/record/plot.ts';
import { eventsFile } from '../../base/record/event-log.ts';
import type { Figure } from './run.ts';
import { readEvents } from './read-events.ts';
import { runOf } from './run.ts';

/** Runs that are looked back at. */
const lookedAt = 20;

/**
 * How figures changed over the earlier runs on the same board, one plot for each unit. They come from the folders
 * beside `directory`. None where there is nothing to compare with.
 */
export async function historyPlots(directory: string, suite: string, figures: readonly Figure[]): Promise<LinePlot[]> {
  const before = await earlierFigures(directory, suite);
  const units = [...new Set(figures.map(({ unit }) => unit))];
  return units.flatMap((unit) => {
    const now = figures.filter((figure) => figure.unit === unit);
    const points = now.flatMap((figure) => pointsOf(figure, before));
    // One point is no line, and says nothing that is not in the table.
    if (points.every(({ x }) => x === 0)) return [];
    return [
      {
        title: `Over the last runs, ${unit}`,
        subtitle: [suite],
        x: { title: 'runs, this one is 0', scale: 'linear' },
        y: { title: unit, scale: 'log' },
        series: now.map(({ title }) => title),
        points,
      },
    ];
  });
}

function pointsOf({ name, title, unit, value }: Figure, before: readonly (readonly Figure[])[]): Point[] {
  const earlier = before.flatMap((figures, index) => {
    const then = figures.find((figure) => figure.name === name && figure.unit === unit);
    return then === undefined ? [] : [{ series: title, x: index - before.length, y: then.value }];
  });
  return [...earlier, { series: title, x: 0, y: value }].filter(({ y }) => y > 0);
}

/** Of each earlier run that has any, oldest first. */
async function earlierFigures(directory: string, suite: string): Promise<Figure[][]> {
  const parent = dirname(directory);
  const folders = (await readdir(parent)).sort().filter((name) => name < directory.slice(parent.length + 1));
  const found: Figure[][] = [];
  for (const folder of folders.reverse()) {
    const events = await readEvents(join(parent, folder, eventsFile)).catch(() => undefined);
    if (events === undefined) continue;
    const figures = runOf(events).suites.find(({ name }) => name === suite)?.figures ?? [];
    if (figures.length > 0) found.unshift([...figures]);
    if (found.length === lookedAt) break;
  }
  return found;
}
