// SPDX-License-Identifier: MIT
import { setMaxListeners } from 'node:events';
import type ssh2 from 'ssh2';
import { Failure } from '../../base/failure/failure.ts';
import type { BoardAddress } from './address.ts';
import { rootBy, rootScript } from './become-root.ts';
import { frameScript, isPlain, type Asked } from './login-shell.ts';
import { type ConnectOptions, defaultTimeoutMs, login, privateKeyOf } from './login.ts';
import { RemoteProcess } from './remote-process.ts';

export interface Lasting {
  /** The script ends with the connection, or when it is told to: others may be started beside it. */
  readonly lasts?: boolean;
}

/** A login on the board. Of the scripts that end by themselves it has one at a time. */
interface Link {
  readonly client: ssh2.Client;
  isBusy: boolean;
}

/**
 * A login may still refuse a script, when one that should have lasted ends in that moment. Then the script has not
 * run, and is given to the board again.
 */
const refusalsMax = 20;
/** The board is known to be up then, and may have much to do. */
const furtherLoginMs = 60_000;

/** The board has not run a command that it was given. */
class Refused extends Failure {
  constructor(board: string, cause: Error) {
    super('board', `${board} refuses a command: ${cause.message}`, { cause });
  }
}

/**
 * A connection to a board. What waits on it fails as soon as it is lost.
 *
 * It has as many logins as scripts run at once that end by themselves. With one login for all, dropbear 2022.82 to
 * 2024.85 (Debian 12 has 2022.83) closes a channel when another's script ends before the new one is told what to run.
 * It then closes the channel, or fails an assertion and ends the login with all that runs there (dropbear's issues 173
 * and 321).
 */
export class Connection {
  readonly name: string;
  readonly #logIn: (timeoutMs: number) => Promise<ssh2.Client>;
  readonly #lost: AbortController;
  readonly #links: Link[] = [];
  /** settled when the last login that was asked for is there */
  #logins: Promise<unknown> = Promise.resolve();
  #asked: Asked = 'itself';

  private constructor(name: string, logIn: (timeoutMs: number) => Promise<ssh2.Client>, lost: AbortController) {
    this.name = name;
    this.#logIn = logIn;
    this.#lost = lost;
  }

  static async connect(address: BoardAddress, o: ConnectOptions): Promise<Connection> {
    const privateKey = await privateKeyOf(address, o.name);
    const lost = new AbortController();
    // Whatever runs on the board listens to it, and any number of commands may run at once.
    setMaxListeners(0, lost.signal);
    const connection: Connection = new Connection(
      o.name,
      (timeoutMs) => login(address, privateKey, { ...o, timeoutMs }, (failure) => connection.lose(failure)),
      lost,
    );
    const timeoutMs = o.timeoutMs ?? defaultTimeoutMs;
    await connection.#addLink(timeoutMs, false);
    // Who is root by name needs no asking.
    if (address.user !== 'root') await connection.#becomeRoot(address.user, timeoutMs);
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
  async open(script: string, o: Lasting = {}): Promise<RemoteProcess> {
    const link = await this.orLost(this.#freeLink());
    try {
      const process = await this.orLost(this.#start(link, script));
      const free = () => void (link.isBusy = false);
      if (o.lasts === true) free();
      else void process.closed.then(free);
      return process;
    } catch (error) {
      link.isBusy = false;
      throw error;
    }
  }

  /** A login that runs nothing that ends by itself. It is the caller's, who sets it free. */
  async #freeLink(): Promise<Link> {
    const take = (link: Link | undefined) => {
      if (link !== undefined) link.isBusy = true;
      return link;
    };
    const free = () => take(this.#links.find(({ isBusy }) => !isBusy));
    const there = free();
    if (there !== undefined) return there;
    // One login after the other: a board lets in few strangers at a time. Meanwhile one may have become free.
    const next = this.#logins.then(async () => free() ?? (await this.#addLink(furtherLoginMs, true)));
    this.#logins = next.catch(() => undefined);
    return next;
  }

  async #addLink(timeoutMs: number, isBusy: boolean): Promise<Link> {
    const link: Link = { client: await this.#logIn(timeoutMs), isBusy };
    this.#links.push(link);
    if (this.lost.aborted) this.close();
    return link;
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
    for (const { client } of this.#links) client.end();
  }
}
