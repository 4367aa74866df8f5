// SPDX-License-Identifier: MIT
import { markup, type Html } from './markup.ts';

/** A command line as it is typed, with a button that copies it. */
export function commandHtml(command: string): Html {
  return markup`<div class="command"><code>${command}</code><button type="button">Copy</button></div>`;
}
