// SPDX-License-Identifier: MIT
import type { Readable, Writable } from 'node:stream';

/** What the client needs of a board: a way to run a command there. SSH gives one, and so does a local child process. */
export interface AgentConnection {
  open(command: string): Promise<AgentStreams>;
}

export interface AgentStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the command has ended, with its exit code, or null where it was killed or the link went. */
  readonly closed: Promise<number | null>;
}
