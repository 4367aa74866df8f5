// SPDX-License-Identifier: MIT
/** QEMU's machine protocol (docs/interop/qmp-spec in QEMU), as far as snapshots need it. */
import { open } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { instanceFiles } from './attached.ts';

interface Reply {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly QMP?: unknown;
}

export class Monitor {
  readonly #socket: Socket;
  readonly #replies: AsyncIterator<string, undefined>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  /** Connects to the QEMU that works in directory. QEMU serves one connection at a time: close it soon. */
  static async connect(directory: string): Promise<Monitor> {
    // Through the directory's descriptor: the path itself may be longer than a socket's address can be.
    const handle = await open(directory);
    const socket = createConnection(`/proc/self/fd/${handle.fd}/${instanceFiles.monitor}`);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      });
    } finally {
      await handle.close();
    }
    // Its end shows as the end of the replies.
    socket.on('error', () => undefined);
    const monitor = new Monitor(socket);
    await monitor.execute('qmp_capabilities');
    return monitor;
  }

  async execute(command: string, parameters: object = {}): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`);
    for (;;) {
      const line = await this.#replies.next();
      if (line.done) throw new Error(`QEMU ended at ${command}`);
      const reply = JSON.parse(line.value) as Reply;
      if (reply.error) throw new Error(`QEMU refuses ${command}: ${reply.error.desc}`);
      // Anything else is the greeting or an event.
      if ('return' in reply) return reply.return;
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
