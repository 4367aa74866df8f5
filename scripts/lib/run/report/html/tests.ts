// SPDX-License-Identifier: MIT
import { formatDuration } from '../../../base/log/duration.ts';
import { countTests, type Run, type Suite, type TestRecord } from '../run.ts';
import { commandHtml } from './command.ts';
import { markup, type Html } from './markup.ts';
import { slicesHtml } from './slices.ts';

const signs: Record<TestRecord['status'], { sign: string; tone: string; word: string }> = {
  passed: { sign: '✓', tone: 'good', word: 'passed' },
  failed: { sign: '✗', tone: 'bad', word: 'failed' },
  skipped: { sign: '–', tone: 'plain', word: 'skipped' },
  unfinished: { sign: '…', tone: 'bad', word: 'never ended' },
};

/** "3 failed · 480 passed", with the colours of each. */
export function countsHtml(tests: readonly TestRecord[]): Html {
  const counts = countTests(tests);
  const order = ['failed', 'unfinished', 'passed', 'skipped'] as const;
  const present = order.filter((status) => counts[status] > 0);
  return markup`<p class="counts">
      ${present.map((status) => markup`<span class="${signs[status].tone}"><b>${counts[status]}</b> ${signs[status].word}</span> `)}
    </p>
    <div class="bar" aria-hidden="true">
      ${present.map((status) => markup`<i class="${signs[status].tone}" style="flex:${counts[status]}"></i>`)}
    </div>`;
}

/** The tests that failed or never ended, with all that is known of them. */
export function troubleHtml(run: Run): Html {
  const tests = run.suites.flatMap((suite) => suite.tests);
  const troubled = tests.filter((test) => test.status === 'failed' || test.status === 'unfinished');
  if (troubled.length === 0) return markup``;
  // Beyond these, one cause is likely behind many; the list below has the rest.
  const shown = troubled.slice(0, 25);
  const more = troubled.length - shown.length;
  return markup`<h2>What went wrong</h2>
    <section class="trouble">${shown.map(troubleCard)}</section>
    ${more > 0 ? markup`<p class="soft">${more} more in the list below.</p>` : undefined}`;
}

function troubleCard(test: TestRecord): Html {
  const { tone, word } = signs[test.status];
  return markup`<article class="card ${tone}">
    <h3>${test.name}</h3>
    <p class="soft" style="margin:.2rem 0 0">
      <span class="badge">${word}</span> ${test.suite}${test.file === undefined ? '' : ` › ${test.file}`}${
        test.ms === undefined ? '' : `, after ${formatDuration(test.ms)}`
      }
    </p>
    ${details(test, true)}
  </article>`;
}

function details(test: TestRecord, open: boolean): Html {
  const reason = test.reason ?? (test.status === 'failed' ? 'no reason given' : undefined);
  return markup`${reason === undefined ? undefined : markup`<pre>${reason}</pre>`} ${slicesHtml(test.slices, open)}
  ${test.again === undefined ? undefined : commandHtml(test.again)}
  ${test.log === undefined ? undefined : markup`<p class="soft" style="margin:.5rem 0 0">Log: <code>${test.log}</code></p>`}`;
}

/** Every test, a group a suite. */
export function testsHtml(run: Run): Html {
  const suites = run.suites.filter((suite) => suite.tests.length > 0);
  if (suites.length === 0) return markup``;
  const choices = ['all', 'failed', 'skipped', 'passed'];
  return markup`<h2>All tests</h2>
    <div class="tools">
      <input type="search" placeholder="Words in a name" aria-label="Words in a name" />
      ${choices.map((status) => markup`<button type="button" data-status="${status}" aria-pressed="${String(status === 'all')}">${status}</button> `)}
    </div>
    ${suites.map((suite) => groupHtml(suite, isShort(run)))}`;
}

/** A list that fits on a screen need not be unfolded first. */
function isShort({ suites }: Run): boolean {
  return suites.reduce((sum, { tests }) => sum + tests.length, 0) <= 25;
}

function groupHtml(suite: Suite, open: boolean): Html {
  const files = [...new Set(suite.tests.map((test) => test.file))];
  const counts = countTests(suite.tests);
  const bad = counts.failed + counts.unfinished;
  const note = bad > 0 ? markup`<span class="bad"><span class="badge">${bad} failed</span></span>` : undefined;
  const rows = files.map((file) => {
    const tests = suite.tests.filter((test) => test.file === file);
    return markup`${file === undefined ? undefined : markup`<p class="file">${file}</p>`}${tests.map(rowHtml)}`;
  });
  const size = suite.tests.length === 1 ? '1 test' : `${suite.tests.length} tests`;
  const head = markup`<summary>${suite.name} <span class="soft">${size}</span> ${note}</summary>`;
  return open
    ? markup`<details class="group card" open>${head}${rows}</details>`
    : markup`<details class="group card">${head}${rows}</details>`;
}

function rowHtml(test: TestRecord): Html {
  const { sign, tone, word } = signs[test.status];
  const time = test.ms === undefined ? '' : formatDuration(test.ms);
  // The list asks for what failed; a test that never ended belongs there.
  const status = test.status === 'unfinished' ? 'failed' : test.status;
  const line = markup`<span class="sign ${tone}" title="${word}">${sign}</span><span class="name">${test.name}</span
    ><span class="num">${time}</span>`;
  if (test.reason === undefined && test.slices.length === 0 && test.status !== 'failed')
    return markup`<div class="test" data-status="${status}"><div class="row">${line}</div></div>`;
  return markup`<details class="test" data-status="${status}">
    <summary>${line}</summary>
    <div class="body">${details(test, false)}</div>
  </details>`;
}
