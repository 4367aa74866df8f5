// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** By file, then by function or by the text of the line: line numbers would not live long. */
const schema = z.record(z.string(), z.record(z.string(), z.string()));

/** Why a line need not have run, from test/board/uncovered.yaml. */
export async function uncoveredReasons(
  root: string,
): Promise<(file: string, source: readonly string[], line: number) => string | undefined> {
  const text = await readFile(join(root, 'test/board/uncovered.yaml'), 'utf8');
  const reasons = schema.parse(parse(text) ?? {});
  return (file, source, line) => {
    const ofFile = reasons[file];
    if (ofFile === undefined) return undefined;
    const own = (source[line - 1] ?? '').trim();
    return ofFile[own] ?? ofFile[functionOf(source, line)];
  };
}

/** In kernel style a function's head starts at the margin, and so does its opening brace. */
function functionOf(source: readonly string[], line: number): string {
  for (let at = line - 1; at > 0; at--) {
    if (source[at] !== '{') continue;
    for (let head = at - 1; head >= 0; head--) {
      const name = /^[a-z].*?\b(\w+)\(/.exec(source[head] ?? '')?.[1];
      if (name !== undefined) return `${name}()`;
    }
  }
  return '';
}
