// SPDX-License-Identifier: MIT
import { SystemCallError } from './errors.ts';
import type { Task } from './task.ts';

/** A stop of firmware that does not answer takes remoteproc half a second; a board under load gets its time. */
const timeout = 20_000;

/** The coprocessor's power, as root has it: /sys/class/remoteproc, driven from where the tests are. */
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
   * Its driver lets go of it, as when it is unloaded, and takes it again when work is done. A core that runs by then is
   * found "detached", otherwise it is offline; it has the name of its firmware from the device tree again.
   */
  async withoutDriver(work: () => Promise<void>): Promise<void> {
    const name = (await this.#task.readLink(`${this.#sysfs}/device`)).replace(/^.*\//, '');
    const driver = (await this.#task.readLink(`${this.#sysfs}/device/driver`)).replace(/^.*\/bus\//, '/sys/bus/');
    await this.#task.writeFile(`${driver}/unbind`, name, { timeout });
    try {
      await work();
    } finally {
      // Answers when the remote processor is there.
      await this.#task.writeFile(`${driver}/bind`, name, { timeout });
    }
  }

  /** Whatever the state is: offline afterwards. */
  async ensureStopped(): Promise<void> {
    // remoteproc cannot stop what has crashed: the recovery has to come first
    await this.setRecovery('enabled');
    try {
      await this.stop();
    } catch (error) {
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
