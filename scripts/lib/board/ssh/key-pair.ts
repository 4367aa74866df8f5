// SPDX-License-Identifier: MIT
/** Keys for boards that are made here. OpenSSH's own tool makes them: a key must be right for every program that reads it. */
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import { fingerprint } from './host-key.ts';

export interface KeyPair {
  /** path of the private half, that only its owner may read; the public half lies beside it, with .pub at the end */
  readonly privateKey: string;
  /** the public half, as a line for authorized_keys */
  readonly authorized: string;
  /** SHA256:… */
  readonly fingerprint: string;
}

/** Makes a key pair at a path where there is none. */
export async function makeKeyPair(path: string, comment: string): Promise<KeyPair> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path], { stdin: 'ignore' });
  return readKeyPair(path);
}

/** The pair whose private half lies at path. Throws when the two are no keys, or do not belong together. */
export async function readKeyPair(path: string): Promise<KeyPair> {
  const authorized = await readFile(`${path}.pub`, 'utf8');
  const [secret, open] = [ssh2.utils.parseKey(await readFile(path)), ssh2.utils.parseKey(authorized)];
  for (const half of [secret, open]) if (half instanceof Error) throw half;
  const [own, told] = [secret, open].map((half) => (half as ssh2.ParsedKey).getPublicSSH());
  if (!own || !told?.equals(own)) throw new Error(`${path} and ${path}.pub are not of one pair`);
  return { privateKey: path, authorized, fingerprint: fingerprint(own) };
}
