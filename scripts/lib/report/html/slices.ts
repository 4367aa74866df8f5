// SPDX-License-Identifier: MIT
import { isFault } from '../../board/kernel-log.ts';
import { printable } from '../printable.ts';
import type { Slice } from '../run.ts';
import { markup, type Html } from './markup.ts';

/** What console and kernel log said, folded away unless `open`. */
export function slicesHtml(slices: readonly Slice[], open: boolean): Html[] {
  return slices.map((slice) => sliceHtml(slice, open));
}

function sliceHtml({ from, lines, omitted }: Slice, open: boolean): Html {
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  const left = omitted > 0 ? `, ${omitted} before them left out` : '';
  const body = markup`<summary>${from}, ${count}${left}</summary><pre>${lines.map(lineHtml)}</pre>`;
  return open
    ? markup`<details class="slice" open>${body}</details>`
    : markup`<details class="slice">${body}</details>`;
}

function lineHtml({ seconds, level, text }: Slice['lines'][number]): Html {
  const at = seconds === undefined ? markup`` : markup`<span class="at">${seconds.toFixed(6).padStart(12)}  </span>`;
  const tone = isFault(printable(text)) ? 'fault' : level !== undefined && level < 5 ? 'notable' : undefined;
  return tone === undefined ? markup`${at}${text}\n` : markup`${at}<span class="${tone}">${text}</span>\n`;
}
