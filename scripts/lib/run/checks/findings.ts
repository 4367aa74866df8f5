// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';

/** Runs a tool that says nothing about what is right. Answers what it said, with paths as seen from the checkout. */
export async function findings(
  command: string,
  words: readonly string[],
  o: { readonly root: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const result = await execa(command, words, { cwd: o.root, reject: false, all: true, cancelSignal: o.signal });
  o.signal.throwIfAborted();
  const found = result.all.replaceAll(`${o.root}/`, '').trim();
  if (found !== '') return found;
  if (!result.failed) return undefined;
  throw new Failure('host', `${command} does not run: ${result.shortMessage}`, { cause: result.cause });
}
