// SPDX-License-Identifier: MIT
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection } from './connection.ts';
import { frameCommand, timedOutCode } from './remote-command.ts';
import type { RemoteProcess } from './remote-process.ts';

export interface ExecOptions {
  readonly timeoutMs?: number;
  /** what the command reads; nothing by default */
  readonly stdin?: Readable | Buffer | string;
  /** take the output as it comes; otherwise it is collected in the result */
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For how long the board may be late in ending a command whose time is up. */
const graceMs = 4000;
/** For how long a command that is stopped may take to end: SIGTERM, a second, SIGKILL, on a slow board. */
const killMs = 4000;

/** Runs a shell command on the board. Any exit code is a result; no answer, a lost link and a time-out are failures. */
export async function exec(connection: Connection, command: string, o: ExecOptions = {}): Promise<ExecResult> {
  o.signal?.throwIfAborted();
  const process = await connection.open(frameCommand(command, o.timeoutMs), { signal: o.signal });
  const started = Date.now();
  const run = new RemoteRun(connection, process, o);
  const code = await run.ended();
  // The command may have ended because it was stopped.
  o.signal?.throwIfAborted();
  const isLate = o.timeoutMs !== undefined && Date.now() - started >= o.timeoutMs;
  if (code === undefined || (isLate && code === timedOutCode)) throw timeoutFailure(connection, command, o);
  return { code, stdout: run.stdout(), stderr: run.stderr() };
}

/** Runs a command that has to succeed. */
export async function execOk(connection: Connection, command: string, o: ExecOptions = {}): Promise<string> {
  const result = await exec(connection, command, o);
  if (result.code !== 0) {
    const said = (result.stderr.trim() || result.stdout.trim()).slice(-500);
    throw new Failure('board', `on ${connection.name}: "${firstLine(command)}" ended with ${result.code}: ${said}`);
  }
  return result.stdout;
}

class RemoteRun {
  readonly #connection: Connection;
  readonly #process: RemoteProcess;
  readonly #options: ExecOptions;
  readonly #out: Buffer[] = [];
  readonly #err: Buffer[] = [];

  constructor(connection: Connection, process: RemoteProcess, options: ExecOptions) {
    this.#connection = connection;
    this.#process = process;
    this.#options = options;
    const { stdout, stderr, stdin } = options;
    take(process.stdout, stdout, this.#out);
    take(process.stderr, stderr, this.#err);
    if (stdin === undefined) process.stdin.end();
    else if (typeof stdin === 'string' || Buffer.isBuffer(stdin)) process.stdin.end(stdin);
    else stdin.pipe(process.stdin);
  }

  stdout(): string {
    return Buffer.concat(this.#out).toString();
  }

  stderr(): string {
    return Buffer.concat(this.#err).toString();
  }

  /** The exit code; undefined when the board did not even end the command after its time. */
  async ended(): Promise<number | undefined> {
    const { timeoutMs, signal, stdin } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    let onAbort: () => void = () => undefined;
    const interrupted = new Promise<undefined>((resolve, reject) => {
      if (timeoutMs !== undefined) timer = setTimeout(() => resolve(undefined), timeoutMs + graceMs);
      onAbort = () => void this.#kill().finally(() => reject(signal?.reason as Error));
      signal?.addEventListener('abort', onAbort, { once: true });
      // It may have been stopped while it began.
      if (signal?.aborted === true) onAbort();
    });
    // No exit code: a signal killed the frame. If a signal kills the command, the shell reports 128 + n.
    const ended = this.#process.ended.then((code) => code ?? 255);
    try {
      return await this.#connection.orLost(Promise.race([ended, interrupted]));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (stdin !== undefined && typeof stdin === 'object' && 'unpipe' in stdin) stdin.unpipe(this.#process.stdin);
      this.#process.close();
    }
  }

  /** Ends the command with all that it has started, and waits for that: a verb that is stopped leaves nothing behind. */
  async #kill(): Promise<void> {
    const ended = this.#process.ended.catch(() => undefined);
    const killed = this.#process.script
      .then(({ pid }) => this.#connection.open(`kill -ALRM ${pid}`, { atOnce: true }))
      .then(() => ended);
    await Promise.race([killed.catch(() => undefined), sleep(killMs, undefined, { ref: false })]);
  }
}

/** Hands output on without collecting it when the reader is slow. */
function take(from: Readable, to: Writable | undefined, collected: Buffer[]): void {
  from.on('data', (data: Buffer) => {
    if (!to) return void collected.push(data);
    if (to.destroyed || to.write(data)) return;
    from.pause();
    // Who has failed reads no more. The command must come to its end all the same.
    const goOn = (): void => {
      to.off('drain', goOn).off('close', goOn);
      from.resume();
    };
    to.on('drain', goOn).on('close', goOn);
  });
}

function timeoutFailure(connection: Connection, command: string, o: ExecOptions): Failure {
  const seconds = (o.timeoutMs ?? 0) / 1000;
  return new Failure('board', `on ${connection.name}: "${firstLine(command)}" was not done after ${seconds} s`);
}

function firstLine(command: string): string {
  const line = command.split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
