// SPDX-License-Identifier: MIT
import { formatDuration } from '../../../base/log/duration.ts';
import type { Run } from '../run.ts';
import type { Verdict } from '../verdict.ts';
import { commandHtml } from './command.ts';
import { markup, type Html } from './markup.ts';

/** The top of the page: what the run means, why, and what to do about it. */
export function verdictHtml(run: Run, verdict: Verdict): Html {
  const { tone, sign } = toneOf(run, verdict);
  const facts = [run.command, whenText(run), run.source].filter((fact) => fact !== undefined);
  return markup`<div class="verdict ${tone}">
    <header>
      <h1><span class="sign" aria-hidden="true">${sign}</span>${sentence(verdict.headline)}</h1>
      <p class="soft">${facts.join(' · ')}</p>
      ${verdict.cause === undefined ? undefined : markup`<pre class="cause">${verdict.cause}</pre>`}
      ${
        verdict.next.length === 0
          ? undefined
          : markup`<ol class="next" aria-label="What to do next">
              ${verdict.next.map(
                ({ text, command }) =>
                  markup`<li><span>${text}</span>${command === undefined ? undefined : commandHtml(command)}</li>`,
              )}
            </ol>`
      }
    </header>
  </div>`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toneOf({ suites }: Run, { kind }: Verdict): { tone: string; sign: string } {
  const hasMissed = suites.some(({ figures }) => figures.some(({ goal }) => goal?.reached === false));
  if (kind === 'passed' && !hasMissed) return { tone: 'good', sign: '✓' };
  if (kind === 'passed' || kind === 'interrupted' || kind === 'incomplete') return { tone: 'warn', sign: '!' };
  return { tone: 'bad', sign: '✗' };
}

function whenText({ startedAt, lastAt }: Run): string | undefined {
  if (startedAt === undefined) return undefined;
  const start = startedAt.slice(0, 16).replace('T', ' ');
  const took = lastAt === undefined ? '' : `, ${formatDuration(Date.parse(lastAt) - Date.parse(startedAt))}`;
  return `${start} UTC${took}`;
}
