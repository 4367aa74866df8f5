// SPDX-License-Identifier: MIT
import { CommanderError } from 'commander';
import { diskFull } from '../failure/disk-full.ts';
import { Failure } from '../failure/failure.ts';

/** Every error a verb can end with, as a Failure. What nobody thought of is a bug of the harness and keeps its stack. */
export function asFailure(error: unknown, verb: string): Failure {
  const full = diskFull(error, 'make room: df -h . /tmp ~/.cache');
  if (full) return full;
  if (error instanceof Failure) return error;
  const help = verb === 'start' || verb === 'test' ? `npm ${verb} -- --help` : `npm run ${verb} -- --help`;
  if (error instanceof CommanderError) {
    // Commander prints its help as an error when a sub-command is missing.
    const message = error.code === 'commander.help' ? 'say what to do' : error.message.replace(/^error: /, '');
    return new Failure('usage', message, { remedy: help, cause: error });
  }
  if (isNodeError(error) && (error.code === 'EACCES' || error.code === 'EROFS')) {
    return new Failure('host', error.message, { cause: error });
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure('test', `unexpected error, a bug of the harness: ${text}`, { cause: error });
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
