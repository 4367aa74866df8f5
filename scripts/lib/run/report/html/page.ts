// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import type { Run } from '../run.ts';
import { verdictOf } from '../verdict.ts';
import { markup, trusted, type Html } from './markup.ts';
import { measurementsHtml } from './measurements.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { looseSlices, provenanceHtml, suiteCards } from './suites.ts';
import { testsHtml, troubleHtml } from './tests.ts';
import { timesHtml } from './times.ts';
import { verdictHtml } from './verdict.ts';

/**
 * One page that shows a run to a person, in one file. Its policy forbids the browser to fetch anything, and to run any
 * script but the page's own. So text of a board can do no harm in it.
 */
export async function pageOf(run: Run): Promise<string> {
  const verdict = verdictOf(run);
  const measurements = await measurementsHtml(run);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${verdict.headline} · ${run.command ?? 'rpmsg_sdb'}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        ${verdictHtml(run, verdict)}
        <main>${suiteCards(run)} ${troubleHtml(run)} ${looseSlices(run)} ${measurements} ${timesHtml(run)} ${testsHtml(run)} ${provenanceHtml(run)}</main>
        ${footer(run)}
        <script>${trusted(script)}</script>
      </body>
    </html> `.text;
}

function footer({ damaged }: Run): Html {
  const lost =
    damaged === 0 ? '' : ` ${damaged === 1 ? '1 line of it was' : `${damaged} lines of it were`} damaged and left out.`;
  return markup`<footer>
    Made from the run's <a href="events.jsonl">events</a>.${lost} The same as <a href="junit.xml">JUnit</a> and
    <a href="run.tap">TAP</a>.
  </footer>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
