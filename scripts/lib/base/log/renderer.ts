// SPDX-License-Identifier: MIT
import type { Failure } from '../failure/failure.ts';
import type { Log } from './log.ts';

/** What stands at the end of a failed verb. */
export interface FailureReport {
  readonly failure: Failure;
  readonly exitCode: number;
  /** the command line that does the same again */
  readonly reproduce: string;
}

/** A Log that belongs to a verb: it also takes the verb's results and its failure, and is closed at the end. */
export interface Renderer extends Log {
  /** What the verb was asked for. Text for a person; `data` is what --json prints in its place. */
  result(text: string, data: object): void;
  failed(report: FailureReport): void;
  /** Stops drawing for as long as something else owns the terminal (sudo asking for a password). */
  pause<T>(work: () => Promise<T>): Promise<T>;
  /** The very last line of all, text and JSON alike ("12 passed, 0 failed, 0 skipped"). */
  lastLine(text: string): void;
  close(): void;
}
