// SPDX-License-Identifier: MIT
import { execa, type Result } from 'execa';
import { Failure } from '../../base/failure/failure.ts';

/** Runs a tool that prints only what is wrong. Answers what it printed, with paths as seen from the checkout. */
export async function findings(
  command: string,
  words: readonly string[],
  o: { readonly root: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const result = await execa(command, words, { cwd: o.root, reject: false, all: true, cancelSignal: o.signal });
  o.signal.throwIfAborted();
  // It was killed or did not start. So what it said is not all that there is.
  if (result.exitCode === undefined) throw notRun(command, result);
  const found = result.all.replaceAll(`${o.root}/`, '').trim();
  if (found !== '') return found;
  if (!result.failed) return undefined;
  throw notRun(command, result);
}

function notRun(command: string, { shortMessage, cause }: Pick<Result, 'shortMessage' | 'cause'>): Failure {
  return new Failure('host', `${command} does not run: ${shortMessage ?? ''}`, { remedy: 'npm run doctor', cause });
}
