// SPDX-License-Identifier: MIT
import { appendFileSync } from 'node:fs';
import { execa } from 'execa';
import { Failure, type FailureClass } from '../failure/failure.ts';
import { quoteWords } from './quote.ts';

export interface LoggedCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  /** file that takes the command line and everything the process says */
  readonly log: string;
  readonly cwd?: string;
  /** all that the process gets of an environment; this process's own when not said */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  readonly signal?: AbortSignal;
  /** class and sentence of the failure when the process does not end well */
  readonly failure: { readonly class: FailureClass; readonly message: string; readonly remedy?: string };
  readonly timeoutMs?: number;
}

/** How long a process may take to end after SIGTERM. */
const killAfterMs = 5000;

/** Runs a child process with its output in a log file; a non-zero end is a Failure that shows the lines that matter. */
export async function runLogged(o: LoggedCommand): Promise<string> {
  appendFileSync(o.log, `$ ${quoteWords([o.command, ...o.arguments])}\n`);
  const result = await execa(o.command, o.arguments, {
    ...(o.cwd === undefined ? {} : { cwd: o.cwd }),
    ...(o.env === undefined ? {} : { env: o.env, extendEnv: false }),
    ...(o.signal === undefined ? {} : { cancelSignal: o.signal }),
    ...(o.timeoutMs === undefined ? {} : { timeout: o.timeoutMs }),
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: killAfterMs,
  });
  const said = result.all;
  appendFileSync(o.log, `${said}\n`);
  if (!result.failed) return said;
  if (result.isCanceled) throw new Failure('interrupted', `${o.failure.message}: interrupted`, { log: o.log });
  if (result.code === 'ENOENT') {
    throw new Failure('host', `${o.command} is not installed`, { remedy: 'npm run doctor', cause: result.cause });
  }
  const ending = result.timedOut ? 'took too long' : `exit code ${result.exitCode ?? result.signal ?? '?'}`;
  throw new Failure(o.failure.class, `${o.failure.message} (${ending})\n${telling(said)}`, {
    log: o.log,
    remedy: o.failure.remedy,
  });
}

/** The lines a person looks for first: errors and warnings of the compiler if there are any, else the last ones. */
function telling(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  // "*** " is how make says why it stops; what a shell does not find, it says in its own words.
  const errors = lines.filter((line) =>
    /\b(error|warning|undefined reference|not found|no such file)\b|\*\*\* /i.test(line),
  );
  return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).map((line) => `    ${line}`).join('\n');
}
