// SPDX-License-Identifier: MIT
/** Test files that run in one process. A process for each file costs a second here, and on a board a login. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Tells the process of the tests which test files to load, as JSON. */
export const filesVariable = 'RPMSG_SDB_TEST_FILES';

/** The file that ava runs for all of them. */
export const togetherFile = join('test', 'together', 'every-file.test.ts');

/** The paths of the files, as seen from the checkout. Called by the process of the tests. */
export function filesOfThisProcess(): readonly string[] {
  const text = process.env[filesVariable];
  if (text === undefined) throw new Error(`${filesVariable} names no test files: run these tests with npm test`);
  return JSON.parse(text) as string[];
}

/**
 * The files of a folder of test/ whose text holds what is looked for. If none does, it is all of them, because a title
 * may be put together from pieces.
 */
export async function testFiles(root: string, folder: string, grep: string | undefined): Promise<string[]> {
  const names = (await readdir(join(root, 'test', folder))).filter((name) => name.endsWith('.test.ts')).sort();
  const files = names.map((name) => join('test', folder, name));
  const found = grep === undefined ? files : await thatHold(root, files, grep);
  return found.length > 0 ? found : files;
}

/** Divides files into those that may share a process, which their import says, and those that have one of their own. */
export async function unitTestFiles(
  root: string,
  grep: string | undefined,
): Promise<Record<'shared' | 'own', string[]>> {
  const files = await testFiles(root, 'unit', grep);
  const shared = await thatHold(root, files, "\nimport { test } from './together.ts';");
  return { shared, own: files.filter((file) => !shared.includes(file)) };
}

/** Whether the text of one of these files holds what is looked for. */
export async function textsHold(root: string, files: readonly string[], text: string): Promise<boolean> {
  return (await thatHold(root, files, text)).length > 0;
}

async function thatHold(root: string, files: readonly string[], text: string): Promise<string[]> {
  const wanted = text.toLowerCase();
  const holds = await Promise.all(
    files.map(async (file) => (await readFile(join(root, file), 'utf8')).toLowerCase().includes(wanted)),
  );
  return files.filter((_, i) => holds[i]);
}
