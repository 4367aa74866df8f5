// SPDX-License-Identifier: MIT
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import { makeDirectory } from './make-directory.ts';

/**
 * Runs work while holding flock(2) on path. A child holds the lock. It lives exactly as long as the pipe to this
 * process. So the lock goes however this process dies, by SIGKILL too.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, whenBusy?: () => void): Promise<T> {
  await makeDirectory(dirname(path));
  // A process group of its own: Ctrl-C reaches this process, which then lets go in order.
  const holder = execa('flock', ['--exclusive', path, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdin: 'pipe',
    buffer: false,
    detached: true,
    reject: false,
  });
  const held = new Promise<boolean>((settle) => {
    holder.stdout.once('data', () => settle(true));
    void holder.then(() => settle(false));
  });
  if (whenBusy) void Promise.race([held, delay(1000, undefined)]).then((first) => first === undefined && whenBusy());
  try {
    if (!(await held)) {
      const { originalMessage } = await holder;
      throw new Failure('host', `cannot lock ${path}: ${originalMessage ?? 'flock failed'}`, {
        remedy: 'apt-get install util-linux',
      });
    }
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
