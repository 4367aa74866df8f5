// SPDX-License-Identifier: MIT
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import { Failure } from '../../base/failure/failure.ts';
import type { BoardAddress } from './address.ts';
import { rootBy, rootScript } from './become-root.ts';
import { fingerprint } from './host-key.ts';
import { frameScript, isPlain, type Asked } from './login-shell.ts';
import { RemoteProcess } from './remote-process.ts';

export interface ConnectOptions {
  /** how the board is called in messages */
  readonly name: string;
  /** time for the connection, the key exchange and the login together */
  readonly timeoutMs?: number;
  /** multiplies the time for which the board may be silent before the link counts as lost */
  readonly patience?: number;
}

const defaultTimeoutMs = 10_000;
/** ssh2 gives up a link after this many questions without an answer. So a lost link is noticed within 3 s. */
const keepaliveMs = 700;
const keepaliveMax = 3;

/**
 * The fastest cipher on a core without instructions for AES, such as an STM32MP1's. It needs no tables, and no hash
 * beside it. OpenSSH asks for it first too. A board that does not know it gets the next that both know.
 */
const cheapCipher = 'chacha20-poly1305@openssh.com';

/**
 * dropbear 2022.83 (Debian 12) may close a channel that it has just opened, before it is told the command. It does so
 * when another command begins, says something or ends in that moment: one time in four where five begin at once. So
 * they begin one after the other, and again where that was not enough.
 */
const refusalsMax = 20;

/** The board has not run a command that it was given. */
class Refused extends Failure {
  constructor(board: string, cause: Error) {
    super('board', `${board} refuses a command: ${cause.message}`, { cause });
  }
}

/** One SSH connection to a board. What waits on it fails as soon as it is lost. */
export class Connection {
  readonly name: string;
  readonly #client: ssh2.Client;
  readonly #lost: AbortController;
  /** settled when the last command that was given to the board has started */
  #starts: Promise<unknown> = Promise.resolve();
  #asked: Asked = 'itself';

  private constructor(name: string, client: ssh2.Client, lost: AbortController) {
    this.name = name;
    this.#client = client;
    this.#lost = lost;
  }

  static async connect(address: BoardAddress, o: ConnectOptions): Promise<Connection> {
    const where = `${o.name} (${address.user}@${address.host}:${address.port})`;
    let privateKey: Buffer;
    try {
      privateKey = await readFile(address.privateKey);
    } catch (error) {
      throw new Failure('usage', `cannot read the private key of ${where}: ${(error as Error).message}`, {
        kind: 'key',
        remedy: 'name a key file that you may read as `key` in the inventory of boards',
        cause: error,
      });
    }
    const parsed = ssh2.utils.parseKey(privateKey);
    if (parsed instanceof Error) throw keyFailure(parsed.message, where, address.privateKey);
    if (!parsed.isPrivateKey()) throw keyFailure('it is the public half', where, address.privateKey);
    const client = new ssh2.Client();
    const lost = new AbortController();
    // Whatever runs on the board listens to it, and any number of commands may run at once.
    setMaxListeners(0, lost.signal);
    let wrongKey: string | undefined;
    const lose = (error: Error | undefined) => {
      if (lost.signal.aborted) return;
      const silent = `no sign of life for ${((keepaliveMs * keepaliveMax * (o.patience ?? 1)) / 1000).toFixed(0)} s`;
      const reason = error ? `: ${error.message === 'Keepalive timeout' ? silent : error.message}` : '';
      lost.abort(new Failure('board', `lost the connection to ${o.name}${reason}`, { kind: 'link', cause: error }));
    };
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.on('error', (error) => {
        lose(error);
        reject(connectFailure(error, where, address, wrongKey));
      });
      client.once('close', () => {
        lose(undefined);
        reject(new Failure('board', `${where} closed the connection`, { kind: 'link' }));
      });
      client.connect({
        host: address.host,
        port: address.port,
        username: address.user,
        privateKey,
        readyTimeout: o.timeoutMs ?? defaultTimeoutMs,
        algorithms: { cipher: { prepend: [cheapCipher], append: [], remove: [] } },
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: keepaliveMax * (o.patience ?? 1),
        hostVerifier: (key: Buffer) => {
          const seen = fingerprint(key);
          if (seen !== address.hostKey) wrongKey = seen;
          return wrongKey === undefined;
        },
      });
      // A question to the board is a small packet that waits for a small answer. Nagle's algorithm would keep it until the packet
      // before is acknowledged, and the other side may hold that back for 40 ms.
      client.setNoDelay(true);
    }).catch((error: unknown) => {
      client.destroy();
      throw error;
    });
    const connection = new Connection(o.name, client, lost);
    // Who is root by name needs no asking.
    if (address.user !== 'root') await connection.#becomeRoot(address.user, o.timeoutMs ?? defaultTimeoutMs);
    return connection;
  }

  /** Aborted, with the Failure as its reason, once the connection is gone (closed by us as well). */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Starts a POSIX shell script, through whatever login shell the user has; the process is the caller's to read, feed and close. */
  async open(script: string): Promise<RemoteProcess> {
    for (let refusals = 0; ; refusals++) {
      try {
        return await this.orLost(this.#startNext(script));
      } catch (error) {
        if (!(error instanceof Refused) || refusals === refusalsMax) throw error;
      }
    }
  }

  /** When those before it have started, or not. */
  #startNext(script: string): Promise<RemoteProcess> {
    const started = this.#starts.then(() => this.#start(script));
    this.#starts = started.catch(() => undefined);
    return started;
  }

  #start(script: string): Promise<RemoteProcess> {
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
      this.#client.exec(command, (error, channel) => {
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
    this.#client.end();
  }
}

/** In a rack nobody types a passphrase, and no SSH agent runs when a job starts. */
function keyFailure(why: string, where: string, path: string): Failure {
  const encrypted = /encrypted|passphrase/i.test(why);
  return new Failure('usage', `${path} is no key that can be used for ${where}: ${why}`, {
    kind: 'key',
    remedy: encrypted
      ? `take a key without a passphrase (ssh-keygen -t ed25519 -N '' -f FILE), and name it in the inventory of boards`
      : 'name the private half of an OpenSSH key as `key` in the inventory of boards',
  });
}

function connectFailure(
  error: Error & { level?: string; code?: string },
  where: string,
  address: BoardAddress,
  wrongKey: string | undefined,
): Failure {
  if (wrongKey !== undefined) {
    return new Failure('board', `${where} shows the host key ${wrongKey}, not the expected ${address.hostKey}`, {
      kind: 'host-key',
      remedy: `make sure that it is the right board; if its key has changed, write the new fingerprint down as its host-key`,
      cause: error,
    });
  }
  if (error.level === 'client-authentication') {
    return new Failure('board', `${where} does not accept the key ${address.privateKey}`, {
      kind: 'login',
      remedy: `put ${address.privateKey}.pub into the board's authorized_keys`,
      cause: error,
    });
  }
  const reason = error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message;
  return new Failure('board', `cannot connect to ${where}: ${reason}`, {
    kind: 'link',
    remedy: reason.includes('no matching')
      ? 'update the SSH server of the board: it offers nothing that is safe'
      : undefined,
    cause: error,
  });
}
