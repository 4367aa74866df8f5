// SPDX-License-Identifier: MIT
import type { AgentConnection } from './connection.ts';
import type { Connection } from '../ssh/connection.ts';

/** Lets the agent's client run over an SSH connection. */
export function agentLink(connection: Connection): AgentConnection {
  return {
    async open(command) {
      const { stdin, stdout, stderr, ended } = await connection.open(`exec ${command}`, { lasts: true });
      stderr.resume();
      return { stdin, stdout, closed: connection.orLost(ended).catch(() => null) };
    },
  };
}
