// SPDX-License-Identifier: MIT
/** QEMU as a child that cannot outlive its purpose. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { Failure } from '../../base/failure/failure.ts';
import { programWords } from './machine.ts';
import { Monitor } from './monitor.ts';
import { endProcess, type ProcessIdentity, processIdentity } from './process-identity.ts';
import { instanceFiles } from './attached.ts';
import { type Boot, qemuArguments } from './qemu-arguments.ts';

/**
 * This shell script becomes QEMU. First it leaves a watcher, which kills QEMU when descriptor 4 is closed without a
 * word. This process has the other end of it, so QEMU ends when this process dies, in whatever way. A line on it sets
 * QEMU free.
 */
const leash = '( (read -r free <&4 || kill -KILL $$) & ); exec 4<&-; exec "$@"';

export interface QemuStart {
  readonly boot: Boot;
  /** QEMU's working directory: console, log and monitor socket are there */
  readonly directory: string;
  /** a snapshot to start from; QEMU then waits, stopped */
  readonly snapshot?: string;
  /** a plugin to load, with its arguments, as QEMU's -plugin takes it */
  readonly plugin?: string;
}

export class QemuProcess {
  readonly directory: string;
  readonly port: number;
  readonly identity: ProcessIdentity;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;

  private constructor(directory: string, port: number, child: ChildProcess, exited: Promise<void>) {
    this.directory = directory;
    this.port = port;
    this.#child = child;
    this.identity = processIdentity(child.pid ?? 0);
    this.exited = exited;
  }

  /** Returns when the monitor answers. */
  static async start(o: QemuStart): Promise<QemuProcess> {
    await mkdir(o.directory, { recursive: true });
    for (let tries = 1; ; tries++) {
      const qemu = await QemuProcess.#spawn(o, await getPort({ host: '127.0.0.1' }));
      try {
        (await qemu.monitor()).close();
        return qemu;
      } catch (error) {
        await qemu.stop();
        const said = await readFile(join(o.directory, instanceFiles.log), 'utf8');
        // Another program took the port in between.
        if (said.includes('host forwarding') && tries < 5) continue;
        throw new Failure('board', `QEMU does not start: ${said.trim() || (error as Error).message}`, { cause: error });
      }
    }
  }

  static async #spawn(o: QemuStart, port: number): Promise<QemuProcess> {
    await rm(join(o.directory, instanceFiles.monitor), { force: true });
    const log = await open(join(o.directory, instanceFiles.log), 'w');
    const snapshot = await open(o.snapshot ?? '/dev/null');
    try {
      const incoming = o.snapshot === undefined ? [] : ['-incoming', 'fd:3'];
      const plugin = o.plugin === undefined ? [] : ['-plugin', o.plugin];
      const words = [...programWords(o.boot.machine), ...qemuArguments(o.boot, port), ...plugin, ...incoming];
      const child = spawn('sh', ['-c', leash, 'sh', ...words], {
        cwd: o.directory,
        // Away from the terminal's process group: Ctrl-C is for the verb, which then ends QEMU in order.
        detached: true,
        stdio: ['ignore', log.fd, log.fd, snapshot.fd, 'pipe'],
      });
      const exited = once(child, 'exit').then(() => undefined);
      exited.catch(() => undefined);
      await once(child, 'spawn');
      const qemu = new QemuProcess(o.directory, port, child, exited);
      // The watcher may end: it has nothing left to watch.
      void exited.then(() => qemu.free());
      return qemu;
    } finally {
      await log.close();
      await snapshot.close();
    }
  }

  async monitor(): Promise<Monitor> {
    for (;;) {
      try {
        return await Monitor.connect(this.directory);
      } catch (error) {
        if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw error;
      }
      await sleep(10);
    }
  }

  /** From now on it survives this process. */
  free(): void {
    (this.#child.stdio[4] as Writable).end('free\n');
    this.#child.unref();
  }

  async stop(): Promise<void> {
    await endProcess(this.identity);
    await this.exited;
    await rm(join(this.directory, instanceFiles.monitor), { force: true });
  }
}
