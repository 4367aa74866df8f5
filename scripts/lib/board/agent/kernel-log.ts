// SPDX-License-Identifier: MIT
import type { KernelRecord } from '../link/kernel-log.ts';
import { numberField, textField } from './answer.ts';
import type { Task } from './task.ts';

/** The sequence number that the next record will have. */
export async function logEnd(task: Task): Promise<number> {
  return numberField((await task.call('kmsg')).fields, 'next');
}

/** The records from this sequence number on. It costs least to ask next for the number after the last one. */
export async function logSince(task: Task, sequence: number): Promise<KernelRecord[]> {
  const { parts } = await task.call(`kmsg ${String(sequence)}`);
  return parts.map(({ fields }) => ({
    seq: numberField(fields, 'seq'),
    level: numberField(fields, 'level'),
    us: numberField(fields, 'us'),
    text: textField(fields, 'text'),
  }));
}
