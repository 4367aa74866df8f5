// SPDX-License-Identifier: MIT
import { boardOption } from '../../board/inventory/board-option.ts';
import { quote } from '../../base/process/quote.ts';
import { cacheTests } from '../../base/target/caches.ts';
import { checkSuite, faultSuite, type TestOutcome } from './outcome.ts';

/** The command that runs one test alone. */
export function reproduceTest(outcome: Pick<TestOutcome, 'suite' | 'name' | 'ofSuite'>): string {
  const [, kernel, caches] = /^emulated-(.*?)(-caches)?$/.exec(outcome.suite) ?? [];
  // ava puts the file before the title; --grep looks at the title.
  const [title = outcome.name, file = ''] = outcome.name.split(' › ').reverse();
  const part =
    kernel !== undefined
      ? 'board'
      : outcome.suite === checkSuite
        ? 'checks'
        : outcome.suite === 'unit' || outcome.suite === faultSuite
          ? outcome.suite
          : undefined;
  const grep = outcome.ofSuite ? [] : ['--grep', quote(title)];
  if (kernel !== undefined && cacheTests.includes(`test/board/${file}.test.ts`)) {
    return ['npm test -- --caches', '--kernel', kernel, ...grep].join(' ');
  }
  // A board of the inventory has only these tests.
  if (part === undefined) return ['npm run hil --', boardOption(outcome.suite), ...grep].join(' ');
  const where = caches !== undefined ? ['--board', outcome.suite] : kernel !== undefined ? ['--kernel', kernel] : [];
  const options = ['--only', part, ...where];
  return ['npm test --', ...options, ...grep].join(' ');
}
