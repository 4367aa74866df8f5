// SPDX-License-Identifier: MIT
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../host/cache/cached.ts';
import { fingerprint } from '../../board/ssh/host-key.ts';
import { makeKeyPair, readKeyPair } from '../../board/ssh/key-pair.ts';

export interface BoardKeys {
  /** path of the private key that root on the emulated boards accepts */
  readonly privateKey: string;
  /** a line for authorized_keys */
  readonly authorized: string;
  /** the board's own key, as dropbear stores it */
  readonly hostKey: Buffer;
  /** SHA256:… */
  readonly hostKeyFingerprint: string;
}

const clientKey = 'id_ed25519';
const hostKey = 'host_key';

/** Keys for this cache's emulated boards. They never leave this host: the boards listen on its loopback interface only. */
export async function boardKeys(): Promise<BoardKeys> {
  const build = async (fresh: string): Promise<void> => {
    await makeKeyPair(join(fresh, clientKey), 'rpmsg-sdb emulated boards');
    await writeFile(join(fresh, hostKey), dropbearKey(), { mode: 0o600 });
  };
  return readKeys(await cached('keys', ['1'], build, undefined, readKeys));
}

async function readKeys(dir: string): Promise<BoardKeys> {
  const { privateKey, authorized } = await readKeyPair(join(dir, clientKey));
  const host = await readFile(join(dir, hostKey));
  return { privateKey, authorized, hostKey: host, hostKeyFingerprint: fingerprint(openHalf(host)) };
}

const name = sshString(Buffer.from('ssh-ed25519'));
const halfBytes = 32;

/** An ed25519 key in dropbear's file format: the SSH name, then private and public half as one SSH string. */
function dropbearKey(): Buffer {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const halves = [d, x].map((half) => Buffer.from(half ?? '', 'base64url'));
  return Buffer.concat([name, sshString(Buffer.concat(halves))]);
}

/** The public half of what dropbearKey made, as it goes over the wire. Throws when it is not the private one's. */
function openHalf(stored: Buffer): Buffer {
  const halves = stored.subarray(name.length + 4);
  const [d, x] = [
    halves.subarray(0, halfBytes).toString('base64url'),
    halves.subarray(halfBytes).toString('base64url'),
  ];
  const secret = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  if (createPublicKey(secret).export({ format: 'jwk' }).x !== x) throw new Error('the host key is none');
  return Buffer.concat([name, sshString(halves.subarray(halfBytes))]);
}

function sshString(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
