// SPDX-License-Identifier: MIT
import { numberField } from './answer.ts';
import { POLLIN } from './constants.ts';
import { SystemCallError } from './errors.ts';
import type { Task } from './task.ts';

/** include/uapi/linux/io_uring.h */
export const operations = { readFixed: 4, writeFixed: 5, pollAdd: 6, cancel: 14, read: 22, write: 23 } as const;

export interface Submission {
  /** comes back with the completion */
  readonly request: number;
  readonly operation: number;
  /** -1 for what is about no file */
  readonly fd: number;
  /** of the data; of a cancellation: the request */
  readonly address?: number;
  readonly length?: number;
  readonly offset?: number;
  /** of a poll: the events */
  readonly flags?: number;
}

export interface Completion {
  readonly request: number;
  /** as the system call's: bytes or events, or a negative errno */
  readonly result: number;
}

/** An io_uring of a task on the board, without a library. */
export class Ring {
  readonly task: Task;
  readonly fd: number;

  private constructor(task: Task, fd: number) {
    this.task = task;
    this.fd = fd;
  }

  static async open(task: Task, entries = 16): Promise<Ring> {
    return new Ring(task, numberField((await task.call(`ring ${String(entries)}`)).fields, 'fd'));
  }

  async submit({ request, operation, fd, address = 0, length = 0, offset = 0, flags = 0 }: Submission): Promise<void> {
    const words = [this.fd, request, operation, fd, address, length, offset, flags];
    await this.task.call(`ring-submit ${words.map(String).join(' ')}`);
  }

  /** The next completion; undefined when none comes in that time. */
  async completion(milliseconds = 5000): Promise<Completion | undefined> {
    await this.task.poll(milliseconds, { fd: this.fd, events: POLLIN });
    try {
      const { fields } = await this.task.call(`ring-take ${String(this.fd)}`);
      return { request: numberField(fields, 'request'), result: numberField(fields, 'result') };
    } catch (error) {
      if (error instanceof SystemCallError && error.errno === 'EAGAIN') return undefined;
      throw error;
    }
  }

  /** Memory that the kernel pins once, for readFixed and writeFixed. */
  async register(address: number, length: number): Promise<void> {
    await this.task.call(`ring-register ${[this.fd, address, length].map(String).join(' ')}`);
  }
}
