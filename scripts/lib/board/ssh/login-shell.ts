// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';

/**
 * A script on its way to a board, and a mark. What comes after the mark is the script's. What comes before it is not.
 */
export interface Framed {
  /** what the user's login shell is given */
  readonly command: string;
  /** The script's own output comes behind this and a line end, on stdout; behind this, whose it is and a line end, on stderr. */
  readonly mark: string;
}

/** The shell that runs a script: its number on the board, and the login shell through which it came there. */
export interface Script {
  readonly pid: number;
  readonly loginShell: string;
}

/**
 * Who runs a script: the user who logs in, or sudo for them. Or the login shell itself, if it is known to take a POSIX
 * script as it is and to read no profile before it.
 */
export type Asked = 'itself' | 'sudo' | 'login shell';

/** Whether this login shell needs nobody between itself and a script. bash does: it reads .bashrc, unless it is called sh. */
export function isPlain(loginShell: string): boolean {
  return /^\/(usr\/)?bin\/(sh|ash|dash)$/.test(loginShell);
}

/** No shell gives a word of more characters its old limit of 1024. */
const wordLength = 1000;

/**
 * Hands a POSIX shell script through a user's login shell. The shell may be any, and its profile may say what it
 * likes.
 *
 * The word between single quotes is read alike by sh, csh and fish. It holds no quote, and no backslash before
 * anything but a digit. It holds no "!" (csh's history) and no line end (csh ends its word there). printf puts them
 * back. csh limits the length of a word, so there are as many words as it takes. The mark cannot be guessed. It does
 * not stand as it is in the command. So a shell that shows what it does (set -x) does not show the mark.
 *
 * That makes three shells of one. On a small board each costs as much as what it was asked to do. So a login shell that
 * needs none of it is given the script itself.
 */
export function frameScript(script: string, asked: Asked = 'itself'): Framed {
  const [first, second] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  const mark = first + second;
  const marks = `printf '%s%s\\n' ${first} ${second}; printf '%s%s %s %s\\n' ${first} ${second} $$ "$SHELL" >&2`;
  if (asked === 'login shell') return { command: `${marks}\n${script}`, mark };
  const words = wordsOf(`${marks}\n${script}`).map((word) => `'${word}'`);
  const sh = asked === 'sudo' ? 'sudo -n sh' : 'sh';
  return { command: `exec ${sh} -c 'eval "$(printf %b "$@")"' sh ${words.join(' ')}`, mark };
}

/** The script in pieces, each as printf's %b takes it. */
function wordsOf(script: string): string[] {
  const octal = (byte: number) => `\\0${byte.toString(8).padStart(3, '0')}`;
  const isLiteral = (byte: number) => byte >= 0x20 && byte < 0x7f && !`'\\!`.includes(String.fromCharCode(byte));
  const pieces = [...Buffer.from(script)].map((byte) => (isLiteral(byte) ? String.fromCharCode(byte) : octal(byte)));
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
