// SPDX-License-Identifier: MIT
import { boardOption } from '../../board/inventory/board-option.ts';
import { quote } from '../../base/process/quote.ts';
import { checkSuite, faultSuite, type TestOutcome } from './outcome.ts';

/** The command that runs one test alone. */
export function reproduceTest(outcome: Pick<TestOutcome, 'suite' | 'name' | 'ofSuite'>): string {
  const kernel = /^emulated-(.*)$/.exec(outcome.suite)?.[1];
  // ava puts the file before the title; --grep looks at the title.
  const title = outcome.name.split(' › ').at(-1) ?? outcome.name;
  const part =
    kernel !== undefined
      ? 'board'
      : outcome.suite === checkSuite
        ? 'checks'
        : outcome.suite === 'unit' || outcome.suite === faultSuite
          ? outcome.suite
          : undefined;
  const grep = outcome.ofSuite ? [] : ['--grep', quote(title)];
  const cached = /^(.*)-caches$/.exec(kernel ?? '')?.[1];
  if (cached !== undefined) return ['npm test -- --caches', '--kernel', cached, ...grep].join(' ');
  // A board of the inventory has only these tests.
  if (part === undefined) return ['npm run hil --', boardOption(outcome.suite), ...grep].join(' ');
  const options = ['--only', part, ...(kernel === undefined ? [] : ['--kernel', kernel])];
  return ['npm test --', ...options, ...grep].join(' ');
}
