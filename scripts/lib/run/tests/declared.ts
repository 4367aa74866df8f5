// SPDX-License-Identifier: MIT
/** Which tests there are, whether or not they have run. The process of the tests notes each one that it loads. */
import { join } from 'node:path';
import { startGroup } from '../../base/process/process-group.ts';
import { listVariable, progressVariable, readTests } from './progress.ts';

export interface ListedFiles {
  /** the checkout */
  readonly root: string;
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Loading all of them takes many seconds, and several times as many on a host with other work. */
const limitMs = 300_000;

/** The program of this checkout that runs tests. */
export const avaProgram = (root: string): string => join(root, 'node_modules', '.bin', 'ava');

/**
 * Loads the files, and runs none of their tests. Returns the titles that the file `notes` had already, and then theirs.
 */
export async function listTitles({ root, files, env, signal }: ListedFiles, notes: string): Promise<string[]> {
  const group = startGroup([avaProgram(root), '--tap', ...files], {
    cwd: root,
    env: { ...env, [progressVariable]: notes, [listVariable]: '1' },
    signal,
    timeoutMs: limitMs,
  });
  group.stdout.resume();
  group.stderr.resume();
  await group.ended;
  return [...new Set(readTests(notes))];
}

/** Those of the titles that ava's --match would take. */
export function askedFor(titles: readonly string[], grep = ''): string[] {
  return titles.filter((title) => title.toLowerCase().includes(grep.toLowerCase()));
}
