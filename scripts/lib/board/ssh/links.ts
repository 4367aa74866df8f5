// SPDX-License-Identifier: MIT
/**
 * The logins of a connection, and which of them may start a script.
 *
 * dropbear 2022.82 to 2024.85 (Debian 12 has 2022.83) looks at all channels of a login when a script there has ended. A
 * channel that is open, and has not been told yet what to run, is then closed. Or an assertion fails, and the login ends
 * with all that runs there (dropbear's issues 173 and 321). So nothing is started on a login while a script may end
 * there. There are as many logins as scripts run at once that end by themselves. On a board that lets nobody in a second
 * time they run one after the other.
 */
import type ssh2 from 'ssh2';
import type { Failure } from '../../base/failure/failure.ts';
import type { RemoteProcess } from './remote-process.ts';

export interface Link {
  readonly client: ssh2.Client;
  /** how many scripts run there */
  running: number;
  /** how many of them may end at any time, and how many are about to be started */
  mayEnd: number;
}

/** Makes a login, which tells how it ends. */
export type LogIn = (
  onEnd: (failure: Failure, client: ssh2.Client) => void,
  signal: AbortSignal,
) => Promise<ssh2.Client>;

export class Links {
  readonly #logIn: LogIn;
  readonly #onLost: (failure: Failure) => void;
  readonly #links: Link[] = [];
  readonly #waiting: ((link: Link) => void)[] = [];
  readonly #closed = new AbortController();
  #isGrowing = false;

  /** onLost hears of the end of a login that is needed: the first one, and one that runs something. */
  constructor(logIn: LogIn, onLost: (failure: Failure) => void) {
    this.#logIn = logIn;
    this.#onLost = onLost;
  }

  /** Logs in once more. */
  async add(): Promise<Link> {
    const client = await this.#logIn((failure, ended) => this.#ended(failure, ended), this.#closed.signal);
    const link = { client, running: 0, mayEnd: 0 };
    this.#links.push(link);
    if (this.#closed.signal.aborted) client.end();
    return link;
  }

  /** A login on which no script may end. It is the caller's alone until done() or started(). */
  async free(signal?: AbortSignal): Promise<Link> {
    const idle = this.#links.find(({ mayEnd }) => mayEnd === 0);
    if (idle !== undefined) return taken(idle);
    return new Promise((resolve, reject) => {
      const waiter = (link: Link) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(taken(link));
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
      void this.#grow();
    });
  }

  /** The first login, whatever runs there. It is the caller's as well, until done() or started(). */
  atOnce(): Link | undefined {
    const [first] = this.#links;
    return first && taken(first);
  }

  /** Nothing was started on this login, or what may have ended there has ended. */
  done(link: Link): void {
    link.mayEnd--;
    if (link.mayEnd === 0) this.#waiting.shift()?.(link);
  }

  /** A script was started on this login. If it lasts, it ends when its input does. */
  started(link: Link, process: RemoteProcess, lasts: boolean): void {
    let isOver = false;
    let mayEnd = true;
    link.running++;
    if (lasts) {
      mayEnd = false;
      this.done(link);
      process.stdin.once('finish', () => {
        if (isOver) return;
        mayEnd = true;
        link.mayEnd++;
      });
    }
    void process.closed.then(() => {
      isOver = true;
      link.running--;
      if (mayEnd) this.done(link);
    });
  }

  close(): void {
    this.#closed.abort();
    for (const { client } of this.#links) client.end();
  }

  /** One login after the other, because a board lets in few strangers at a time, for as long as somebody waits. */
  async #grow(): Promise<void> {
    if (this.#isGrowing) return;
    this.#isGrowing = true;
    try {
      while (this.#waiting.length > 0 && !this.#closed.signal.aborted) {
        const link = await this.add();
        // Somebody may have found it before whoever waited for it.
        if (link.mayEnd === 0) this.#waiting.shift()?.(link);
      }
      this.#isGrowing = false;
    } catch {
      // It lets nobody in any more, and is not asked again, because this goes on growing for ever. Who waits gets the next
      // login that is free.
    }
  }

  /** Servers may end a login that does nothing. Nobody misses it. */
  #ended(failure: Failure, client: ssh2.Client): void {
    const link = this.#links.find((one) => one.client === client);
    const isNeeded = link === undefined || link === this.#links[0] || link.running + link.mayEnd > 0;
    if (isNeeded) this.#onLost(failure);
    else this.#links.splice(this.#links.indexOf(link), 1);
  }
}

function taken(link: Link): Link {
  link.mayEnd++;
  return link;
}
