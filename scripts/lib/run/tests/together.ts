// SPDX-License-Identifier: MIT
/** The board's test files run in one process: one of its own for each would cost a second here and a login on the board. */
import { join } from 'node:path';

/** Names the test files that the process of the tests is to load, as JSON. */
export const filesVariable = 'RPMSG_SDB_TEST_FILES';

/** The file that ava runs for all of them. */
export const togetherFile = join('test', 'board', 'together', 'every-file.test.ts');

/** Paths from the checkout on. Called by the process of the tests. */
export function filesOfThisProcess(): readonly string[] {
  const text = process.env[filesVariable];
  if (text === undefined) throw new Error(`${filesVariable} names no test files: run these tests with npm test`);
  return JSON.parse(text) as string[];
}
