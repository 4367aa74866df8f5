// SPDX-License-Identifier: MIT
import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { cached } from '../../host/cache/cached.ts';
import { fingerprint } from '../../board/ssh/host-key.ts';

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

/** Keys for this cache's emulated boards. They never leave this host: the boards listen on its loopback interface only. */
export async function boardKeys(): Promise<BoardKeys> {
  const dir = await cached('keys', ['1'], async (fresh) => {
    const client = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'rpmsg-sdb emulated boards' });
    const host = dropbearKey();
    await secret(join(fresh, 'id_ed25519'), client.private);
    await writeFile(join(fresh, 'id_ed25519.pub'), `${client.public}\n`);
    await secret(join(fresh, 'host_key'), host.stored);
    await writeFile(join(fresh, 'host_key.fingerprint'), fingerprint(host.public));
  });
  return {
    privateKey: join(dir, 'id_ed25519'),
    authorized: await readFile(join(dir, 'id_ed25519.pub'), 'utf8'),
    hostKey: await readFile(join(dir, 'host_key')),
    hostKeyFingerprint: await readFile(join(dir, 'host_key.fingerprint'), 'utf8'),
  };
}

async function secret(path: string, content: string | Buffer): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}

/** An ed25519 key in dropbear's file format: the SSH name, then private and public half as one SSH string. */
function dropbearKey(): { stored: Buffer; public: Buffer } {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [secretHalf, publicHalf] = [Buffer.from(d ?? '', 'base64url'), Buffer.from(x ?? '', 'base64url')];
  const name = sshString(Buffer.from('ssh-ed25519'));
  return {
    stored: Buffer.concat([name, sshString(Buffer.concat([secretHalf, publicHalf]))]),
    public: Buffer.concat([name, sshString(publicHalf)]),
  };
}

function sshString(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
