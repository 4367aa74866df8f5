// SPDX-License-Identifier: MIT
/**
 * The one way a verb fails. Its class decides the exit code, so that a CI job can tell a broken board from a failed test.
 * Everything a person needs to go on is in it: what happened, the log to read, and what to type next.
 */
export const exitCodes = {
  /** a test or a verification found the product wrong */
  test: 1,
  /** wrong arguments or configuration */
  usage: 2,
  /** this host lacks something */
  host: 3,
  /** the board or the link to it is at fault */
  board: 4,
  /** oops, warning or sanitizer report in the board's kernel */
  kernel: 5,
  /** SIGINT or SIGTERM */
  interrupted: 130,
} as const;

export type FailureClass = keyof typeof exitCodes;

/** Within a class, what exactly went wrong: for programs, and for who reads only the last lines. */
export type FailureKind =
  | 'inventory'
  | 'key'
  | 'login'
  | 'host-key'
  | 'link'
  | 'power'
  | 'boot'
  | 'busy'
  | 'lock'
  | 'tools'
  | 'root'
  | 'wrong-kernel'
  | 'other-driver'
  | 'disk-full'
  | 'read-only'
  | 'upload'
  | 'load'
  | 'coprocessor'
  | 'announce'
  | 'reboot'
  | 'panic'
  | 'console'
  | 'unread';

export interface FailureDetails {
  readonly kind?: FailureKind | undefined;
  /** one command or sentence that mends it */
  readonly remedy?: string | undefined;
  /** path of the log that shows more */
  readonly log?: string | undefined;
  readonly cause?: unknown;
}

export class Failure extends Error {
  readonly failureClass: FailureClass;
  readonly remedy: string | undefined;
  readonly log: string | undefined;
  readonly kind: FailureKind | undefined;

  constructor(failureClass: FailureClass, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'Failure';
    this.failureClass = failureClass;
    this.remedy = details.remedy;
    this.log = details.log;
    this.kind = details.kind;
  }

  /**
   * The same failure with more details. Details that are not given here stay as they were, so none gets lost on the way
   * up.
   */
  retold(details: Omit<FailureDetails, 'cause'> & { readonly message?: string }): Failure {
    const { message = this.message, ...anew } = details;
    const { kind, remedy, log } = this;
    return new Failure(this.failureClass, message, { kind, remedy, log, ...anew, cause: this });
  }
}
