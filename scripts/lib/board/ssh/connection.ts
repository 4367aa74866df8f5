// SPDX-License-Identifier: MIT
import { setMaxListeners } from 'node:events';
import { Failure } from '../../base/failure/failure.ts';
import type { BoardAddress } from './address.ts';
import { rootBy, rootScript } from './become-root.ts';
import { frameScript, isPlain, type Asked } from './login-shell.ts';
import { type ConnectOptions, defaultTimeoutMs, login, privateKeyOf } from './login.ts';
import { type Link, Links, type LogIn } from './links.ts';
import { RemoteProcess } from './remote-process.ts';

export interface OpenOptions {
  /** The script ends when its input does, or with the connection. Others may be started beside it. */
  readonly lasts?: boolean;
  /** It cannot wait for a login, such as what stops another script. */
  readonly atOnce?: boolean;
  /** It is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A login may still refuse a script, when one that should have lasted ends in that moment. Then the script has not
 * run, and is given to the board again.
 */
const refusalsMax = 20;
/** For a further login. The board is known to be up then, and may have much to do. */
const furtherLoginMs = 20_000;

/** The board has not run a command that it was given. */
class Refused extends Failure {
  constructor(board: string, cause: Error) {
    super('board', `${board} refuses a command: ${cause.message}`, { cause });
  }
}

/** A connection to a board: its logins. What waits on it fails as soon as it is lost. */
export class Connection {
  readonly name: string;
  readonly #links: Links;
  readonly #lost: AbortController;
  #asked: Asked = 'itself';

  private constructor(name: string, logIn: LogIn, lost: AbortController) {
    this.name = name;
    this.#links = new Links(logIn, (failure) => this.lose(failure));
    this.#lost = lost;
  }

  static async connect(address: BoardAddress, o: ConnectOptions): Promise<Connection> {
    const privateKey = await privateKeyOf(address, o.name);
    const lost = new AbortController();
    // Whatever runs on the board listens to it, and any number of commands may run at once.
    setMaxListeners(0, lost.signal);
    const firstMs = o.timeoutMs ?? defaultTimeoutMs;
    let timeoutMs = firstMs;
    const logIn: LogIn = (onEnd, signal) => login(address, privateKey, { ...o, timeoutMs, signal }, onEnd);
    const connection = new Connection(o.name, logIn, lost);
    await connection.#links.add();
    timeoutMs = furtherLoginMs * (o.patience ?? 1);
    // Who is root by name needs no asking.
    if (address.user !== 'root') await connection.#becomeRoot(address.user, firstMs);
    return connection;
  }

  /** Aborted, with the Failure as its reason, once the connection is gone (closed by us as well). */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Starts a POSIX shell script, through whatever login shell the user has. The process is the caller's to read, feed
   * and close.
   */
  async open(script: string, o: OpenOptions = {}): Promise<RemoteProcess> {
    const link =
      (o.atOnce === true ? this.#links.atOnce() : undefined) ?? (await this.orLost(this.#links.free(o.signal)));
    try {
      const process = await this.orLost(this.#start(link, script));
      this.#links.started(link, process, o.lasts === true);
      return process;
    } catch (error) {
      this.#links.done(link);
      throw error;
    }
  }

  async #start(link: Link, script: string): Promise<RemoteProcess> {
    for (let refusals = 0; ; refusals++) {
      try {
        return await this.#startOnce(link, script);
      } catch (error) {
        if (!(error instanceof Refused) || refusals === refusalsMax) throw error;
      }
    }
  }

  #startOnce({ client }: Link, script: string): Promise<RemoteProcess> {
    const { command, mark } = frameScript(script, this.#asked);
    const learn = (process: RemoteProcess) => {
      if (this.#asked === 'itself')
        void process.script.then(
          ({ loginShell }) => this.#learn(loginShell),
          () => undefined,
        );
      return process;
    };
    return new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) reject(new Refused(this.name, error));
        // This must happen here and not later. A short command can begin and end within the packet that opened the
        // channel.
        else resolve(learn(new RemoteProcess(this.name, channel, mark)));
      });
    });
  }

  #learn(loginShell: string): void {
    if (this.#asked === 'itself' && isPlain(loginShell)) this.#asked = 'login shell';
  }

  async #becomeRoot(user: string, withinMs: number): Promise<void> {
    const late = setTimeout(() => {
      this.lose(new Failure('board', `${this.name} does not say who ${user} is`, { kind: 'link' }));
    }, withinMs);
    try {
      this.#asked = await this.orLost(rootBy(await this.open(rootScript), this.name, user));
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** `work`, or the connection's failure if that comes first. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    let onLost: () => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      onLost = () => reject(this.lost.reason as Failure);
      if (this.lost.aborted) onLost();
      else this.lost.addEventListener('abort', onLost, { once: true });
    });
    try {
      return await Promise.race([work, lost]);
    } catch (error) {
      // ssh2 says "Not connected" where the reason is more telling.
      throw this.lost.aborted && !(error instanceof Failure) ? (this.lost.reason as Failure) : error;
    } finally {
      this.lost.removeEventListener('abort', onLost);
    }
  }

  /** Gives the connection up. Everybody who waits on it gets this reason. */
  lose(reason: Failure): void {
    if (this.lost.aborted) return;
    this.#lost.abort(reason);
    this.close();
  }

  close(): void {
    this.#links.close();
  }
}
