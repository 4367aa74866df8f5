// SPDX-License-Identifier: MIT
import { stripVTControlCharacters } from 'node:util';

/**
 * Control characters but tab and line feed; half surrogates; codes that are no character; marks that turn the direction
 * of text round.
 */
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Cs}\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text of a board as it may stand in a report. It has no terminal's escape sequences. A visible sign stands for each
 * character that XML does not allow, or that would change how the text around it looks.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replaceAll(unprintable, sign);
}

function sign(character: string): string {
  const code = character.charCodeAt(0);
  // Unicode has a picture of each control character of ASCII.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
