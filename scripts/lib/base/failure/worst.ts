// SPDX-License-Identifier: MIT
import type { FailureClass } from './failure.ts';

const order: readonly FailureClass[] = ['interrupted', 'kernel', 'board', 'host', 'usage', 'test'];

/** Of several exit codes the one of the worst: they are numbered so. */
export function worstExitCode(codes: readonly number[]): number {
  return Math.max(0, ...codes);
}

/** Of several failures, the one that a person has to look at first: the kernel's before the board's before the host's. */
export function worst<T>(failures: readonly T[], classOf: (failure: T) => FailureClass): T | undefined {
  return order.map((wanted) => failures.find((failure) => classOf(failure) === wanted)).find((one) => one);
}
