// SPDX-License-Identifier: MIT
import { numberField, type Answer } from './answer.ts';
import type { Task } from './task.ts';

/** What can be made to fail: slab objects, pages, accesses to user memory. Each has a folder of settings in debugfs. */
const capabilities = ['failslab', 'fail_page_alloc', 'fail_usercopy'] as const;

/** 32-bit ARM has modules, and nothing else, from here up to PAGE_OFFSET. */
export const allModules = { start: 0xbf000000, end: 0xbfe00000 } as const;

export interface CodeRange {
  readonly start: number;
  readonly end: number;
}

/** Where a loaded module's code is. */
export async function codeOf(task: Task, module: string): Promise<CodeRange> {
  const directory = `/sys/module/${module}`;
  const start = Number((await task.readFile(`${directory}/sections/.text`)).trim());
  return { start, end: start + Number((await task.readFile(`${directory}/coresize`)).trim()) };
}

/** From now on only what this code calls can be made to fail. Whether it fails at all is for failNth to say. */
export async function onlyUnder(task: Task, { start, end }: CodeRange): Promise<void> {
  for (const capability of capabilities) {
    const set = (name: string, value: string): Promise<void> =>
      task.writeFile(`/sys/kernel/debug/${capability}/${name}`, value);
    await set('require-start', `0x${start.toString(16)}`);
    await set('require-end', `0x${end.toString(16)}`);
    // One line a failure tells that it happened; the stack would be a screen each.
    await set('verbose', '1');
    if (capability === 'fail_usercopy') continue;
    // By default only what must not sleep fails, and for pages only large blocks.
    await set('ignore-gfp-wait', 'N');
    if (capability === 'fail_page_alloc') await set('ignore-gfp-highmem', 'N');
    if (capability === 'fail_page_alloc') await set('min-order', '0');
  }
}

export interface Injected {
  /** false: the command has fewer places than that where it could fail */
  readonly injected: boolean;
  readonly errno: string | undefined;
  readonly answer: Answer;
}

/** Runs one command of the agent; the nth place in the kernel where it could fail does, counted from 1. */
export async function failNth(task: Task, nth: number, command: string): Promise<Injected> {
  const answer = await task.ask(`fail-nth ${String(nth)} ${command}`);
  const { errno } = answer.fields;
  return {
    injected: numberField(answer.fields, 'injected') === 1,
    errno: typeof errno === 'string' ? errno : undefined,
    answer,
  };
}
