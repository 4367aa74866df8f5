// SPDX-License-Identifier: MIT
import { createWriteStream, type WriteStream } from 'node:fs';

/** A line that a board said, and when this host saw it. */
export interface SeenLine {
  /** milliseconds since 1970, of this host's clock */
  readonly at: number;
  readonly from: 'console' | 'kernel log';
  readonly text: string;
  /** of the kernel log: 0 emergency … 7 debug */
  readonly level?: number;
  /** of the kernel log: since the board's boot */
  readonly seconds?: number;
}

/** More than any test has to say; a board that floods its console costs no more memory than this. */
const keptLines = 50_000;

/** Everything that was seen of one board: in a file for people, and in memory for the tests' slices. */
export class Record {
  readonly #lines: SeenLine[] = [];
  readonly #file: WriteStream;
  readonly #onLine: (line: SeenLine) => void;

  constructor(path: string, onLine: (line: SeenLine) => void) {
    this.#file = createWriteStream(path, { flags: 'a' });
    // A full disk of this host must not end a run of a board.
    this.#file.on('error', () => undefined);
    this.#onLine = onLine;
  }

  add(line: SeenLine): void {
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.splice(0, keptLines / 10);
    this.#file.write(`${lineText(line)}\n`);
    this.#onLine(line);
  }

  /** What was seen from `from` on and before `to`. */
  between(from: number, to: number): SeenLine[] {
    return this.#lines.filter(({ at }) => at >= from && at < to);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(() => resolve()));
  }
}

/** "2026-01-31T10:00:00.123Z console     | text" */
export function lineText({ at, from, text }: SeenLine): string {
  return `${new Date(at).toISOString()} ${from.padEnd(10)} | ${text}`;
}
