// SPDX-License-Identifier: MIT
import { Failure } from './failure.ts';

/**
 * What this process, or a program that it has run, has found full on this host; undefined for any other error. Programs
 * tell it in their own ways, and whoever started them takes it for something else. What a board says of its own disk is
 * no such thing.
 */
export function diskFull(error: unknown, remedy: string): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof Failure && (error.failureClass === 'board' || error.kind === 'disk-full')) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  const isFull =
    code === 'ENOSPC' || code === 'EDQUOT' || /no space left on device|quota exceeded/i.test(error.message);
  if (!isFull) return undefined;
  const log = error instanceof Failure ? error.log : undefined;
  return new Failure('host', `a disk of this host is full: ${error.message}`, {
    kind: 'disk-full',
    remedy,
    log,
    cause: error,
  });
}
