// SPDX-License-Identifier: MIT

/** A system call on the board failed, which is often what a test wants to see. */
export class SystemCallError extends Error {
  /** The call as it was asked for, with its arguments. */
  readonly call: string;
  /** "EINVAL", or "SIGSEGV" and "SIGBUS" for a memory access. */
  readonly errno: string;

  constructor(call: string, errno: string, during?: string) {
    super(`${call}: ${errno}${during === undefined ? '' : ` during ${during}`}`);
    this.name = 'SystemCallError';
    this.call = call;
    this.errno = errno;
  }
}

/** The test firmware answered "error …". */
export class CoprocessorError extends Error {
  constructor(request: string, reply: string) {
    super(`coprocessor ${request}: ${reply}`);
    this.name = 'CoprocessorError';
  }
}

/** The agent could not do what was asked, did not answer in time, or is gone. Never a finding about the driver by itself. */
export class AgentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AgentError';
  }
}
