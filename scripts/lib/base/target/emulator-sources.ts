// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = new URL('../../../../test/emulator/', import.meta.url);

/** Path of a file of test/emulator. */
export function source(path: string): string {
  return fileURLToPath(new URL(path, directory));
}

/** Its content, as an input of what is made from it. */
export function sourceText(path: string): string {
  return readFileSync(source(path), 'utf8');
}
