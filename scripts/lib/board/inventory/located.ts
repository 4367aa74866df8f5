// SPDX-License-Identifier: MIT
/** A YAML file whose mistakes can be pointed at: file, line and column. */
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';

export interface Mistake {
  /** "boards.yaml:12:5" */
  readonly place: string;
  readonly message: string;
}

export class LocatedYaml {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** What is no YAML. */
  get syntaxErrors(): Mistake[] {
    return this.#document.errors.map((error) => ({
      place: this.#place(error.pos[0]),
      message: error.message.split('\n')[0] ?? '',
    }));
  }

  get value(): unknown {
    return (this.#document.toJS() as unknown) ?? {};
  }

  /** What zod found, at the value it is about, or at the key where that has to be there. */
  mistakesOf(error: z.ZodError): Mistake[] {
    return error.issues.flatMap((issue) => {
      const path = issue.path.filter((word) => typeof word !== 'symbol');
      const name = path.join('.');
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          place: this.placeOf([...path, key], 'key'),
          message: `${[...path, key].join('.')}: there is no such setting`,
        }));
      }
      const detail = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
      const at = issue.code === 'invalid_key' ? 'key' : 'value';
      return [{ place: this.placeOf(path, at), message: `${name === '' ? '' : `${name}: `}${detail}` }];
    });
  }

  /** Of a setting, or of the nearest thing around it that is there. */
  placeOf(path: readonly (string | number)[], what: 'key' | 'value'): string {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offset(path.slice(0, length), length === path.length ? what : 'key');
      if (offset !== undefined) return this.#place(offset);
    }
    return this.#place(0);
  }

  #offset(path: readonly (string | number)[], what: 'key' | 'value'): number | undefined {
    const last = path.at(-1);
    const parent = path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last));
      const node = what === 'key' ? pair?.key : (pair?.value ?? pair?.key);
      return (node as { range?: [number, number, number] } | undefined)?.range?.[0];
    }
    const node = this.#document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    return node?.range?.[0];
  }

  #place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#file}:${line}:${col}`;
  }
}
