// SPDX-License-Identifier: MIT
import { formatDuration } from '../../../base/log/duration.ts';
import { provenanceOf } from '../provenance.ts';
import type { Run, Suite } from '../run.ts';
import { markup, type Html } from './markup.ts';
import { slicesHtml } from './slices.ts';
import { countsHtml } from './tests.ts';

/** A card for each board and each part of the run: how its tests ended, at a glance. */
export function suiteCards(run: Run): Html {
  return markup`<section class="suites">${run.suites.map(card)}</section>`;
}

function card(suite: Suite): Html {
  const { board, states, retries } = suite;
  const kind = board?.kind === undefined ? undefined : board.kind === 'qemu' ? (board.emulator ?? 'QEMU') : 'hardware';
  const last = states.at(-1);
  const ms = suite.tests.reduce((sum, test) => sum + (test.ms ?? 0), 0);
  const facts = [board?.kernel, ms > 0 ? `${formatDuration(ms)} in tests` : undefined].filter(
    (fact) => fact !== undefined,
  );
  return markup`<article class="card">
    <h3>${suite.name}${kind === undefined ? undefined : markup`<span class="badge plain">${kind}</span>`}</h3>
    ${facts.length === 0 ? undefined : markup`<p class="soft">${facts.join(' · ')}</p>`} ${suite.tests.length === 0 ? undefined : countsHtml(suite.tests)}
    ${last === undefined || last === 'ready' ? undefined : markup`<p class="soft">It came as far as: ${last}</p>`}
    ${
      retries.length === 0
        ? undefined
        : markup`<details>
            <summary class="warn"><span class="badge">${retries.length} tried again</span></summary>
            <pre>${retries.map(({ what, reason }) => `${what}: ${reason}`).join('\n')}</pre>
          </details>`
    }
  </article>`;
}

/** What consoles and kernel logs said outside of any test. Where a run was cut off, this is what there is to read. */
export function looseSlices(run: Run): Html {
  const suites = run.suites.filter((suite) => suite.slices.length > 0);
  if (suites.length === 0) return markup``;
  const open = run.exitCode !== 0;
  return markup`<h2>${open ? 'The last that was said' : 'Said outside of any test'}</h2>
    <section class="trouble">
      ${suites.map(
        (suite) =>
          markup`<article class="card plain">
            <h3>${suite.name}</h3>
            ${slicesHtml(suite.slices, open)}
          </article>`,
      )}
    </section>`;
}

/** What ran, and on what: a column a board. */
export function provenanceHtml(run: Run): Html {
  const columns = run.suites
    .filter((suite) => suite.board !== undefined)
    .map((suite) => ({
      name: suite.name,
      facts: new Map(provenanceOf(run, suite)),
    }));
  if (columns.length === 0) return markup``;
  const rows = [...new Set(columns.flatMap(({ facts }) => [...facts.keys()]))];
  return markup`<h2>What ran, and on what</h2>
    <div class="card scroll" style="padding:.3rem 0">
      <table>
        <thead>
          <tr>
            <td></td>
            ${columns.map(({ name }) => markup`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              markup`<tr>
                <th scope="row">${row}</th>
                ${columns.map(({ facts }) => markup`<td><code>${facts.get(row) ?? '–'}</code></td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
