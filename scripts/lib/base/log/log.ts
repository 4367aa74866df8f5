// SPDX-License-Identifier: MIT
/**
 * What a verb may say while it works. Only the renderers beside this file print; everything else is handed a Log.
 * Three renderers exist: a terminal (spinner and elapsed time), CI (plain lines) and JSON (one event a line).
 */
export interface Log {
  /** A stretch of work with a title. Shown with its duration; anything over a second shows that it is alive. */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  info(text: string): void;
  warn(text: string): void;
}

export interface Step extends Log {
  /** Replaces the step's progress line: "41 of 139 MB". In CI it is printed at most every few seconds. */
  progress(text: string): void;
  /** Marks the step as failed, although its work goes on to the end: tests have failed. */
  fail(): void;
}
