// SPDX-License-Identifier: MIT
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SystemCallError } from './errors.ts';
import { logEnd, logSince } from './kernel-log.ts';
import type { Task } from './task.ts';

/** remoteproc takes half a second to stop firmware that does not answer. A board under load gets more time. */
const timeout = 20_000;

/** Starts and stops the coprocessor through /sys/class/remoteproc, for tests. */
export class Remoteproc {
  readonly #task: Task;
  readonly #sysfs: string;

  constructor(task: Task, name: string) {
    this.#task = task;
    this.#sysfs = `/sys/class/remoteproc/${name}`;
  }

  /** offline, running, crashed, … */
  async state(): Promise<string> {
    return (await this.#task.readFile(`${this.#sysfs}/state`)).trim();
  }

  async start(): Promise<void> {
    await this.#write('start');
  }

  async stop(): Promise<void> {
    await this.#write('stop');
  }

  /** Linux lets go of the coprocessor, which runs on: start() attaches to it again. */
  async detach(): Promise<void> {
    await this.#write('detach');
  }

  /** Name of the file that start() boots. */
  async firmware(): Promise<string> {
    return (await this.#task.readFile(`${this.#sysfs}/firmware`)).trim();
  }

  /** Only while it is offline. */
  async setFirmware(name: string): Promise<void> {
    await this.#task.writeFile(`${this.#sysfs}/firmware`, name);
  }

  /**
   * Unbinds its driver, as when that is unloaded, does work, and binds it again. If the core runs by then, its state is
   * "detached", otherwise offline. The name of its firmware is that of the device tree again.
   */
  async withoutDriver(work: () => Promise<void>): Promise<void> {
    const name = (await this.#task.readLink(`${this.#sysfs}/device`)).replace(/^.*\//, '');
    const driver = (await this.#task.readLink(`${this.#sysfs}/device/driver`)).replace(/^.*\/bus\//, '/sys/bus/');
    const from = await logEnd(this.#task);
    await this.#task.writeFile(`${driver}/unbind`, name, { timeout });
    try {
      await work().finally(() => this.#released(from));
    } finally {
      // Answers when the remote processor is there.
      await this.#task.writeFile(`${driver}/bind`, name, { timeout });
    }
  }

  /** Until nobody holds the remote processor that was unbound. The next one has another number before. */
  async #released(from: number): Promise<void> {
    const said = `remoteproc ${basename(this.#sysfs)}: releasing `;
    const end = Date.now() + timeout;
    while (!(await logSince(this.#task, from)).some(({ text }) => text.startsWith(said))) {
      if (Date.now() > end) throw new Error(`somebody still holds the ${basename(this.#sysfs)} that was unbound`);
      await sleep(10);
    }
  }

  /** Whatever the state is: offline afterwards. */
  async ensureStopped(): Promise<void> {
    // remoteproc cannot stop what has crashed: the recovery has to come first. The agent does one after the other.
    const [recovered, stopped] = await Promise.allSettled([this.setRecovery('enabled'), this.stop()]);
    if (recovered.status === 'rejected') throw recovered.reason as Error;
    if (stopped.status === 'rejected') {
      const error: unknown = stopped.reason;
      const isStopped = (await this.state()) === 'offline';
      if (!(error instanceof SystemCallError) || !isStopped) throw error;
    }
  }

  /**
   * What remoteproc does when the coprocessor crashes: "enabled" restarts it, "disabled" leaves it crashed. Enabling it
   * restarts one that has crashed already, and returns when that is done.
   */
  async setRecovery(recovery: 'enabled' | 'disabled'): Promise<void> {
    await this.#task.writeFile(`${this.#sysfs}/recovery`, recovery, { timeout });
  }

  #write(text: string): Promise<void> {
    return this.#task.writeFile(`${this.#sysfs}/state`, text, { timeout });
  }
}
