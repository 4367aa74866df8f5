// SPDX-License-Identifier: MIT

/**
 * One word for a POSIX shell. The boards have busybox ash or dash. Neither is sure to know $'…', which the libraries
 * here (zx) quote with. Between single quotes only the single quote itself is special, in every shell.
 */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command whose words arrive on the other side as they are here. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
