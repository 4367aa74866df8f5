// SPDX-License-Identifier: MIT
import type { Readable, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { Failure } from '../../base/failure/failure.ts';
import type { Connection, RemoteProcess } from './connection.ts';
import { frameCommand, timedOutCode } from './remote-command.ts';

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

/** Runs a shell command on the board. Any exit code is a result; no answer, a lost link and a time-out are failures. */
export async function exec(connection: Connection, command: string, o: ExecOptions = {}): Promise<ExecResult> {
  o.signal?.throwIfAborted();
  const started = Date.now();
  const process = await connection.open(frameCommand(command, o.timeoutMs));
  const run = new RemoteRun(connection, process, o);
  const code = await run.ended();
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
  readonly #channel: ClientChannel;
  readonly #exitCode: RemoteProcess['exitCode'];
  readonly #options: ExecOptions;
  readonly #out: Buffer[] = [];
  readonly #err: Buffer[] = [];
  #pid: number | undefined;
  /** start of stderr, until the line with the frame's pid is complete */
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(connection: Connection, process: RemoteProcess, options: ExecOptions) {
    const { channel } = process;
    this.#connection = connection;
    this.#channel = channel;
    this.#exitCode = process.exitCode;
    this.#options = options;
    const { stdout, stderr, stdin } = options;
    channel.on('data', (data: Buffer) => {
      if (stdout) this.#pass(data, stdout);
      else this.#out.push(data);
    });
    channel.stderr.on('data', (data: Buffer) => this.#takeStderr(data, stderr));
    // The command may end without reading its input: that is its own business.
    channel.on('error', () => undefined);
    if (stdin === undefined) channel.end();
    else if (typeof stdin === 'string' || Buffer.isBuffer(stdin)) channel.end(stdin);
    else stdin.pipe(channel);
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
    const result = new Promise<number | undefined>((resolve, reject) => {
      this.#channel.on('close', () => {
        const code = this.#exitCode();
        // The frame's own death by a signal; what a signal does to the command, the shell reports as 128 + n.
        if (code !== undefined) resolve(code ?? 255);
        else if (!this.#connection.lost.aborted) {
          // The connection's own failure is more telling, and follows at once when it is what broke.
          setTimeout(() => reject(new Failure('board', `${this.#connection.name} closed the channel`)), 500);
        }
      });
      if (timeoutMs !== undefined) timer = setTimeout(() => resolve(undefined), timeoutMs + graceMs);
      onAbort = () => {
        this.#kill();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await this.#connection.orLost(result);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (stdin !== undefined && typeof stdin === 'object' && 'unpipe' in stdin) stdin.unpipe(this.#channel);
      this.#channel.close();
    }
  }

  #kill(): void {
    if (this.#pid === undefined) return;
    // Best effort, while the verb is already on its way out.
    this.#connection.open(`kill -ALRM ${this.#pid}`).catch(() => undefined);
  }

  #takeStderr(data: Buffer, stderr: Writable | undefined): void {
    let rest = data;
    if (this.#head !== undefined) {
      this.#head = Buffer.concat([this.#head, data]);
      const end = this.#head.indexOf('\n');
      if (end < 0) return;
      const line = this.#head.subarray(0, end).toString();
      this.#pid = Number(line) || undefined;
      // A board without sh or setsid says so here: do not swallow it.
      rest = this.#pid === undefined ? this.#head : this.#head.subarray(end + 1);
      this.#head = undefined;
    }
    if (rest.length === 0) return;
    if (stderr) this.#pass(rest, stderr);
    else this.#err.push(rest);
  }

  /** Hands output on without collecting it when the reader is slow. */
  #pass(data: Buffer, to: Writable): void {
    if (to.write(data)) return;
    this.#channel.pause();
    to.once('drain', () => this.#channel.resume());
  }
}

function timeoutFailure(connection: Connection, command: string, o: ExecOptions): Failure {
  const seconds = (o.timeoutMs ?? 0) / 1000;
  return new Failure('board', `on ${connection.name}: "${firstLine(command)}" was not done after ${seconds} s`);
}

function firstLine(command: string): string {
  const line = command.split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
