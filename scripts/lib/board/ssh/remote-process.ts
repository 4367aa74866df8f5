// SPDX-License-Identifier: MIT
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClientChannel } from 'ssh2';
import { Failure } from '../../base/failure/failure.ts';
import { AfterMark } from './after-mark.ts';
import type { Script } from './login-shell.ts';

/** If the connection broke, its own failure follows at once, and says more. */
const connectionFirstMs = 500;

/** A script that runs on the board. Its streams begin with what the script says, whatever a profile has said before it. */
export class RemoteProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** what runs it on the board, once it runs */
  readonly script: Promise<Script>;
  /** The exit code, null for death by a signal, when all has been read. A failure when the script never began. */
  readonly ended: Promise<number | null>;
  /** settled when the board has closed the channel */
  readonly closed: Promise<void>;
  readonly #channel: ClientChannel;
  readonly #out: AfterMark;
  readonly #err: AfterMark;

  /** board: how it is called in messages */
  constructor(board: string, channel: ClientChannel, mark: string) {
    let hasBegun = false;
    let begin: (script: Script) => void = () => undefined;
    const begun = new Promise<Script>((resolve) => (begin = resolve));
    this.#channel = channel;
    this.#out = new AfterMark(mark, () => (hasBegun = true));
    this.#err = new AfterMark(mark, (rest) => begin(scriptOf(rest)));
    this.stdin = channel;
    this.stdout = this.#out;
    this.stderr = this.#err;
    let code: number | null | undefined;
    channel.on('exit', (exitCode: number | null) => (code = exitCode));
    // The script may end without reading its input: that is its own business.
    channel.on('error', () => undefined);
    this.closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
    channel.pipe(this.#out);
    channel.stderr.pipe(this.#err);
    this.ended = this.closed.then(async () => {
      await Promise.all([this.#out, this.#err].map((stream) => finished(stream, { writable: false })));
      if (hasBegun && code !== undefined) return code;
      await new Promise((resolve) => setTimeout(resolve, connectionFirstMs));
      throw hasBegun ? new Failure('board', `${board} closed the channel`) : neverBegan(board, this.noise);
    });
    this.script = Promise.race([begun, this.ended.then(() => begun)]);
    for (const promise of [this.ended, this.script]) promise.catch(() => undefined);
  }

  /** What was said before the script began, on both streams. */
  get noise(): string {
    return `${this.#out.noise}${this.#err.noise}`;
  }

  /** Reads no more of it. The script on the board notices when it reads, if it does. */
  close(): void {
    this.#channel.unpipe();
    this.#channel.stderr.unpipe();
    // Data that is still on its way must be read: the channel closes after it.
    this.#channel.resume();
    this.#channel.stderr.resume();
    this.#channel.close();
  }
}

/** " number shell": what it says behind its mark. */
function scriptOf(said: string): Script {
  const [, pid, loginShell = ''] = /^ (\d+) (.*)$/.exec(said) ?? [];
  return { pid: Number(pid), loginShell };
}

function neverBegan(board: string, said: string): Failure {
  const why = said.trim() === '' ? '' : `: ${said.trim().slice(0, 300)}`;
  return new Failure('board', `${board} lets us in, and runs no command${why}`, {
    kind: 'login',
    remedy: "give the board's user a login shell that runs commands, and a board with sh",
  });
}
