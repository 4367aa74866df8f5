// SPDX-License-Identifier: MIT
import type { AgentConnection } from './connection.ts';
import type { Connection } from '../ssh/connection.ts';

/** Lets the agent's client run over an SSH connection. */
export function agentLink(connection: Connection): AgentConnection {
  return {
    async open(command) {
      const { channel, exitCode } = await connection.open(command);
      channel.stderr.resume();
      const closed = new Promise<number | null>((resolve) => {
        const onLost = () => resolve(null);
        connection.lost.addEventListener('abort', onLost, { once: true });
        channel.on('close', () => {
          connection.lost.removeEventListener('abort', onLost);
          resolve(exitCode() ?? null);
        });
      });
      return { stdin: channel, stdout: channel, closed };
    },
  };
}
