// SPDX-License-Identifier: MIT
/**
 * ava's test(), for files that have a process of their own. The harness is told of each test before any of them runs.
 * So it can account for those that never did, whatever became of ava.
 */
import ava, { type TestFn } from 'ava';
import { listVariable, noteTest } from '../../scripts/lib/run/tests/progress.ts';
import { inFile } from './file-of-tests.ts';

/** This process only lists its tests. So neither they nor what stands around them go to ava. */
const isListing = process.env[listVariable] !== undefined;

/** Stands for each hook, and for what may be called on one. */
const nothing: unknown = new Proxy(() => undefined, { get: () => nothing });

function counted<T extends object>(declare: T): T {
  return new Proxy(declare, {
    apply(target, self, [title, ...rest]: [string, ...unknown[]]) {
      const name = inFile(title);
      noteTest('there', name);
      if (!isListing) Reflect.apply(target as () => void, self, [name, ...rest]);
    },
    get(target, name, receiver) {
      const member = Reflect.get(target, name, receiver) as unknown;
      if (name === 'serial') return counted(member as object);
      return isListing ? nothing : member;
    },
  });
}

export const test: TestFn = counted(ava);
