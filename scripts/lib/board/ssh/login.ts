// SPDX-License-Identifier: MIT
/** One login on a board, and why it does not come about. */
import { getCiphers } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ssh2, { type AlgorithmList, type CipherAlgorithm } from 'ssh2';
import { Failure } from '../../base/failure/failure.ts';
import type { BoardAddress } from './address.ts';
import { fingerprint } from './host-key.ts';

export interface ConnectOptions {
  /** how the board is called in messages */
  readonly name: string;
  /** time for the connection, the key exchange and the login together */
  readonly timeoutMs?: number;
  /** multiplies the time for which the board may be silent before the link counts as lost */
  readonly patience?: number;
}

export const defaultTimeoutMs = 10_000;
/** ssh2 gives up a link after this many questions without an answer. So a lost link is noticed within 3 s. */
const keepaliveMs = 700;
const keepaliveMax = 3;

/**
 * The fastest cipher on a core without instructions for AES, such as an STM32MP1's. It needs no tables, and no hash
 * beside it. OpenSSH asks for it first too. A board that does not know it gets the next that both know.
 */
const cheapCipher: CipherAlgorithm = 'chacha20-poly1305@openssh.com';

/** ssh2 prepends only what its list lacks. A host with few algorithms (FIPS) may not have this one. */
function cheapFirst(): AlgorithmList<CipherAlgorithm> {
  const own = getCiphers().includes('chacha20') ? [cheapCipher] : [];
  return { remove: own, prepend: own, append: [] };
}

/** The private key of a board, or what is wrong with it. */
export async function privateKeyOf(address: BoardAddress, name: string): Promise<Buffer> {
  const where = placeOf(address, name);
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
  return privateKey;
}

/**
 * Logs in, until signal is aborted. onLost is told why the login is over once it was there, however that comes.
 */
export async function login(
  address: BoardAddress,
  privateKey: Buffer,
  o: ConnectOptions & { readonly signal: AbortSignal },
  onLost: (failure: Failure, client: ssh2.Client) => void,
): Promise<ssh2.Client> {
  const where = placeOf(address, o.name);
  const client = new ssh2.Client();
  let wrongKey: string | undefined;
  let isIn = false;
  const lose = (error: Error | undefined) => {
    if (!isIn) return;
    // An error is followed by the end, which has no reason of its own.
    isIn = false;
    const silent = `no sign of life for ${((keepaliveMs * keepaliveMax * (o.patience ?? 1)) / 1000).toFixed(0)} s`;
    const reason = error ? `: ${error.message === 'Keepalive timeout' ? silent : error.message}` : '';
    onLost(new Failure('board', `lost the connection to ${o.name}${reason}`, { kind: 'link', cause: error }), client);
  };
  const giveUp = () => client.destroy();
  o.signal.addEventListener('abort', giveUp, { once: true });
  try {
    o.signal.throwIfAborted();
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
        algorithms: { cipher: cheapFirst() },
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: keepaliveMax * (o.patience ?? 1),
        hostVerifier: (key: Buffer) => {
          const seen = fingerprint(key);
          if (seen !== address.hostKey) wrongKey = seen;
          return wrongKey === undefined;
        },
      });
      // A question to the board is a small packet that waits for a small answer. Nagle's algorithm would keep it until
      // the packet before is acknowledged, and the other side may hold that back for 40 ms.
      client.setNoDelay(true);
    });
    isIn = true;
    return client;
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    o.signal.removeEventListener('abort', giveUp);
  }
}

const placeOf = ({ user, host, port }: BoardAddress, name: string): string => `${name} (${user}@${host}:${port})`;

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
