// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';

/** A script on its way to a board, and the mark by which what it says is told from what was said before it. */
export interface Framed {
  /** what the user's login shell is given */
  readonly command: string;
  /** The script's own output comes behind this and a line end, on stdout; behind this, its pid and a line end, on stderr. */
  readonly mark: string;
}

/** Whether the user who logs in may do what is to be done, or has to have sudo do it. */
export type Asked = 'itself' | 'sudo';

/** No shell gives a word of more characters its old limit of 1024. */
const wordLength = 1000;

/**
 * Hands a POSIX shell script through a user's login shell, which may be any, and whose profile may say what it likes.
 *
 * The word between single quotes is one that sh, csh and fish read alike: it holds no quote, no backslash before anything
 * but a digit, no "!" (csh's history) and no line end (csh ends its word there). printf has them back. csh's words have a
 * limit, so there are as many as it takes. The mark cannot be guessed, and does not stand in the command as it is printed:
 * a shell that shows what it does (set -x) does not show the mark.
 */
export function frameScript(script: string, asked: Asked = 'itself'): Framed {
  const [first, second] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  const marks = `printf '%s%s\\n' ${first} ${second}; printf '%s%s %s\\n' ${first} ${second} $$ >&2`;
  const words = wordsOf(`${marks}\n${script}`).map((word) => `'${word}'`);
  const sh = asked === 'sudo' ? 'sudo -n sh' : 'sh';
  return { command: `exec ${sh} -c 'eval "$(printf %b "$@")"' sh ${words.join(' ')}`, mark: first + second };
}

/** The script in pieces, each as printf's %b takes it. */
function wordsOf(script: string): string[] {
  const octal = (byte: number) => `\\0${byte.toString(8).padStart(3, '0')}`;
  const isPlain = (byte: number) => byte >= 0x20 && byte < 0x7f && !`'\\!`.includes(String.fromCharCode(byte));
  const pieces = [...Buffer.from(script)].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : octal(byte)));
  const words: string[] = [];
  let word = '';
  for (const piece of pieces) {
    if (word.length + piece.length > wordLength) {
      words.push(word);
      word = '';
    }
    word += piece;
  }
  return [...words, word];
}
