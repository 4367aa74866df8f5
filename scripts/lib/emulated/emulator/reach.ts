// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';
import type { BoardAddress } from '../../board/ssh/address.ts';
import { connectUntil } from '../../board/ssh/connect-until.ts';
import type { Connection } from '../../board/ssh/connection.ts';
import type { BoardKeys } from './keys.ts';
import type { QemuProcess } from './qemu-process.ts';
import { instanceFiles } from './attached.ts';

export function addressOf(port: number, keys: BoardKeys): BoardAddress {
  return { host: '127.0.0.1', port, user: 'root', privateKey: keys.privateKey, hostKey: keys.hostKeyFingerprint };
}

type Reachable = Pick<QemuProcess, 'port' | 'directory' | 'exited'>;

/** Waits until the board's SSH server lets us in. A QEMU that ends meanwhile is noticed at once. */
export async function reach(qemu: Reachable, keys: BoardKeys, withinMs: number): Promise<Connection> {
  const given = new AbortController();
  const ended = qemu.exited.then(() => {
    given.abort();
    throw new Failure('board', 'it ended', { kind: 'boot' });
  });
  ended.catch(() => undefined);
  try {
    const options = { name: 'the emulated board', withinMs, signal: given.signal };
    return await Promise.race([connectUntil(addressOf(qemu.port, keys), options), ended]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const log = join(qemu.directory, instanceFiles.console);
    const said = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-8).join('\n    ');
    // There is no network to this board that could be at fault.
    const kind = error.kind === 'link' ? 'boot' : error.kind;
    const message = `the emulated board did not come up: ${error.message}. Its console ends with\n    ${said}`;
    throw error.retold({ message, kind, log });
  }
}
