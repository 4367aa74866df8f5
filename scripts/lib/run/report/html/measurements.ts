// SPDX-License-Identifier: MIT
import type { LinePlot } from '../../../base/record/plot.ts';
import { printable } from '../printable.ts';
import type { Figure, Run, Suite } from '../run.ts';
import { markup, trusted, type Html } from './markup.ts';

/** What was measured: plots first, then every figure with what was wanted of it. */
export async function measurementsHtml(run: Run): Promise<Html> {
  const measured = run.suites.filter(({ plots, figures }) => plots.length > 0 || figures.length > 0);
  if (measured.length === 0) return markup``;
  const boards = await Promise.all(measured.map((suite) => boardHtml(suite, measured.length > 1)));
  return markup`<h2>What was measured</h2>${boards}`;
}

async function boardHtml({ name, plots, figures }: Suite, isOneOfMany: boolean): Promise<Html> {
  const drawings = await Promise.all(plots.map(plotHtml));
  return markup`${isOneOfMany ? markup`<h3 style="margin:1rem 0 .5rem">${name}</h3>` : undefined}
    ${drawings.length === 0 ? undefined : markup`<section class="charts">${drawings}</section>`}
    ${figures.length === 0 ? undefined : figuresHtml(figures)}`;
}

/** It is an image, so that nothing in it can reach the page around it. */
async function plotHtml(plot: LinePlot): Promise<Html> {
  // Drawing takes half a second to load, and most runs measure nothing.
  const { linePlotSvg } = await import('../line-plot.ts');
  const data = Buffer.from(await linePlotSvg(printablePlot(plot))).toString('base64');
  return markup`<figure class="card"><img alt="${plot.title}" src="data:image/svg+xml;base64,${trusted(data)}" /></figure>`;
}

/** A drawing is XML, which not every character may stand in. */
function printablePlot(plot: LinePlot): LinePlot {
  return {
    ...plot,
    title: printable(plot.title),
    subtitle: plot.subtitle.map(printable),
    x: { ...plot.x, title: printable(plot.x.title) },
    y: { ...plot.y, title: printable(plot.y.title) },
    series: plot.series.map(printable),
    points: plot.points.map((point) => ({ ...point, series: printable(point.series) })),
  };
}

function figuresHtml(figures: readonly Figure[]): Html {
  return markup`<div class="card scroll figures">
    <table>
      <thead><tr><th scope="col">Figure</th><th scope="col">Median</th><th scope="col">Quartiles</th><th scope="col">Goal</th></tr></thead>
      <tbody>${figures.map(figureRow)}</tbody>
    </table>
  </div>`;
}

function figureRow({ title, value, unit, low, high, goal }: Figure): Html {
  const around = low === undefined || high === undefined ? '' : `${numberText(low)} … ${numberText(high)}`;
  const tone = goal?.reached === false ? 'warn' : 'good';
  const wanted =
    goal === undefined
      ? undefined
      : markup`<span class="${tone}"><span class="badge">${goal.reached ? '✓' : 'missed'}</span></span> ${goal.text}`;
  return markup`<tr><td>${title}</td><td class="num">${numberText(value)}${unit === 'ratio' ? '' : ` ${unit}`}</td>
    <td class="num soft">${around}</td><td class="num">${wanted}</td></tr>`;
}

/** Three digits that count, or all of a whole number. */
function numberText(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
