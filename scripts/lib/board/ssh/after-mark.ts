// SPDX-License-Identifier: MIT
import { Transform, type TransformCallback } from 'node:stream';

/** More than a profile has to say that anybody wants to read. */
const keptNoise = 500;
/** Longer than what stands between the mark and the end of its line. */
const lineLength = 256;

/** What a stream says after the line with the mark. What a login shell's profile said before it is left out. */
export class AfterMark extends Transform {
  readonly #mark: string;
  readonly #begun: (rest: string) => void;
  /** what may be the beginning of the mark's line; undefined behind it */
  #waiting: Buffer | undefined = Buffer.alloc(0);
  #noise = '';

  /** begun: called with what stands behind the mark in its line */
  constructor(mark: string, begun: (rest: string) => void) {
    super();
    this.#mark = mark;
    this.#begun = begun;
  }

  /** What was said before the mark: all of it, when it never came. */
  get noise(): string {
    return this.#noise;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#waiting === undefined) return done(null, chunk);
    const said = Buffer.concat([this.#waiting, chunk]);
    const at = said.indexOf(this.#mark);
    const end = at < 0 ? -1 : said.indexOf('\n', at);
    if (end < 0) {
      const kept = Math.max(0, at < 0 ? said.length - this.#mark.length - lineLength : at);
      this.#note(said.subarray(0, kept));
      this.#waiting = said.subarray(kept);
      return done();
    }
    this.#note(said.subarray(0, at));
    this.#waiting = undefined;
    this.#begun(said.subarray(at + this.#mark.length, end).toString());
    const rest = said.subarray(end + 1);
    if (rest.length > 0) done(null, rest);
    else done();
  }

  override _flush(done: TransformCallback): void {
    this.#note(this.#waiting ?? Buffer.alloc(0));
    this.#waiting = undefined;
    done();
  }

  #note(said: Buffer): void {
    this.#noise += said.subarray(0, keptNoise - this.#noise.length).toString();
  }
}
