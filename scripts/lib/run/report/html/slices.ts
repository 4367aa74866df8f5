// SPDX-License-Identifier: MIT
import { isFault } from '../../../board/link/kernel-log.ts';
import { printable } from '../printable.ts';
import type { Slice } from '../run.ts';
import { markup, type Html } from './markup.ts';

/** Of a second: the console's lines have the time at which this host saw them. */
const digits: Readonly<Record<Slice['from'], number>> = { console: 3, 'kernel log': 6 };

/** What console and kernel log said, folded away unless `open`. */
export function slicesHtml(slices: readonly Slice[], open: boolean): Html[] {
  return slices.map((slice) => sliceHtml(slice, open));
}

function sliceHtml({ from, lines, omitted }: Slice, open: boolean): Html {
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  const left = omitted > 0 ? `, ${omitted} before them left out` : '';
  const body = markup`<summary>${from}, ${count}${left}</summary><pre>${lines.map((line) => lineHtml(line, digits[from]))}</pre>`;
  return open
    ? markup`<details class="slice" open>${body}</details>`
    : markup`<details class="slice">${body}</details>`;
}

function lineHtml({ seconds, level, text }: Slice['lines'][number], fraction: number): Html {
  const at =
    seconds === undefined
      ? markup``
      : markup`<span class="at">${seconds.toFixed(fraction).padStart(6 + fraction)}  </span>`;
  const tone = isFault(printable(text)) ? 'fault' : level !== undefined && level < 5 ? 'notable' : undefined;
  return tone === undefined ? markup`${at}${text}\n` : markup`${at}<span class="${tone}">${text}</span>\n`;
}
