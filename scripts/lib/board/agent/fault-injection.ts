// SPDX-License-Identifier: MIT
import { numberField, type Answer } from './answer.ts';
import type { Task } from './task.ts';

/** What can be made to fail: slab objects, pages, accesses to user memory. Each has a folder of settings in debugfs. */
const capabilities = ['failslab', 'fail_page_alloc', 'fail_usercopy'] as const;

/**
 * By default only allocations that must not sleep fail, and of pages only large blocks. Nothing fails before failNth()
 * asks for it.
 */
export async function letEverythingFail(task: Task): Promise<void> {
  const set = (capability: string, name: string, value: string): Promise<void> =>
    task.writeFile(`/sys/kernel/debug/${capability}/${name}`, value);
  await set('failslab', 'ignore-gfp-wait', 'N');
  await set('fail_page_alloc', 'ignore-gfp-wait', 'N');
  await set('fail_page_alloc', 'ignore-gfp-highmem', 'N');
  await set('fail_page_alloc', 'min-order', '0');
  // The kernel's log tells each failure, with the stack.
  for (const capability of capabilities) await set(capability, 'verbose', '2');
}

export interface Injected {
  /** false: the command has fewer places than that where it could fail */
  readonly injected: boolean;
  /** how many more places it would have taken */
  readonly left: number;
  readonly errno: string | undefined;
  readonly answer: Answer;
}

/** Runs one command of the agent; the nth place in the kernel where it could fail does, counted from 1. */
export async function failNth(task: Task, nth: number, command: string): Promise<Injected> {
  const answer = await task.ask(`fail-nth ${String(nth)} ${command}`);
  const { errno } = answer.fields;
  return {
    injected: numberField(answer.fields, 'injected') === 1,
    left: numberField(answer.fields, 'left'),
    errno: typeof errno === 'string' ? errno : undefined,
    answer,
  };
}
