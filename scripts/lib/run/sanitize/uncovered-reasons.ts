// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** By file, then by what it is about: line numbers would not live long. */
const schema = z.record(z.string(), z.record(z.string(), z.string()));

/** Why something of the driver need not run. */
export interface Reason {
  /** "kernel/session.c" */
  readonly file: string;
  /** a function: "name()"; a line of it: "name(): text"; or a line wherever it stands: "text" */
  readonly about: string;
  readonly why: string;
}

/** Whether the line runs in some runs and not in others: it takes a race that no test can decide. */
export const runsAtTimes = ({ why }: Reason): boolean => why.startsWith('at times: ');

/** What test/board/uncovered.yaml says. */
export async function uncoveredReasons(root: string): Promise<readonly Reason[]> {
  const text = await readFile(join(root, 'test/board/uncovered.yaml'), 'utf8');
  const files = Object.entries(schema.parse(parse(text) ?? {}));
  return files.flatMap(([file, reasons]) => Object.entries(reasons).map(([about, why]) => ({ file, about, why })));
}

/** The reason for a line, counted from 1; the narrowest one. */
export function reasonFor(
  reasons: readonly Reason[],
  file: string,
  source: readonly string[],
  line: number,
): Reason | undefined {
  const text = (source[line - 1] ?? '').trim();
  const name = functionOf(source, line);
  const find = (wanted: string) => reasons.find((reason) => reason.file === file && reason.about === wanted);
  return find(`${name}: ${text}`) ?? find(text) ?? find(name);
}

const head = /^[a-z].*?\b(\w+)\(/;

/** In kernel style a function's head starts at the margin, and so does its opening brace. */
function functionOf(source: readonly string[], line: number): string {
  const own = head.exec(source[line - 1] ?? '')?.[1];
  if (own !== undefined) return `${own}()`;
  for (let at = line - 1; at > 0; at--) {
    if (source[at] !== '{') continue;
    for (let above = at - 1; above >= 0; above--) {
      const name = head.exec(source[above] ?? '')?.[1];
      if (name !== undefined) return `${name}()`;
    }
  }
  return '';
}
