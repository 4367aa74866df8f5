// SPDX-License-Identifier: MIT
import { formatDuration } from '../../../base/log/duration.ts';
import type { Run, Stage } from '../run.ts';
import { markup, type Html } from './markup.ts';

const shownTests = 12;

/** Where a run's time went: its stages beside each other, and the tests that took longest. */
export function timesHtml(run: Run): Html {
  const slowest = run.suites
    .flatMap(({ tests }) => tests)
    .filter((test) => test.ms !== undefined)
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))
    .slice(0, shownTests);
  if (run.stages.length === 0 && slowest.length === 0) return markup``;
  const begun = Math.min(...run.stages.map(({ startedAt }) => startedAt));
  const ended = Math.max(...run.stages.map(({ startedAt, ms }) => startedAt + ms));
  return markup`<h2>Where the time went</h2>
    <div class="card times">
      ${[...run.stages].sort((a, b) => a.startedAt - b.startedAt).map((one) => stageRow(one, begun, ended - begun))}
      ${slowest.length === 0 ? undefined : markup`<p class="soft">The tests that took longest:</p>`}
      ${slowest.map(
        ({ suite, file, name, ms }) =>
          markup`<div class="time"><span class="name">${name} <span class="soft">${suite}${file === undefined ? '' : ` › ${file}`}</span></span><span class="num">${formatDuration(ms ?? 0)}</span></div>`,
      )}
    </div>`;
}

/** A bar from the stage's beginning to its end, in the width of the run. */
function stageRow({ name, startedAt, ms }: Stage, begun: number, whole: number): Html {
  const percent = (time: number) => `${((100 * time) / Math.max(whole, 1)).toFixed(1)}%`;
  return markup`<div class="time">
    <span class="name">${name}</span>
    <span class="span" aria-hidden="true"><i style="margin-left:${percent(startedAt - begun)};width:${percent(ms)}"></i></span>
    <span class="num">${formatDuration(ms)}</span>
  </div>`;
}
