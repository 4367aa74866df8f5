// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** QEMU's test protocol (docs/devel/testing in QEMU, qtest). It reads and writes words on the bus of the first core. */
export class Qtest {
  readonly #server: Server;
  readonly #connected: Promise<Socket>;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.#connected = once(server, 'connection').then(([socket]) => {
      createInterface({ input: socket as Socket }).on('line', (line) => {
        // Any other line tells of an interrupt, which nobody asked for.
        if (/^(OK|FAIL|ERR)/.test(line)) this.#waiting.shift()?.resolve(line);
      });
      (socket as Socket).on('error', () => undefined);
      (socket as Socket).on('close', () => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('QEMU has ended'));
      });
      return socket as Socket;
    });
  }

  static async listen(path: string): Promise<Qtest> {
    const server = createServer();
    server.listen(path);
    await once(server, 'listening');
    return new Qtest(server);
  }

  async #ask(command: string): Promise<string> {
    const socket = await this.#connected;
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      socket.write(`${command}\n`);
    });
    if (!line.startsWith('OK')) throw new Error(`QEMU answers ${command}: ${line}`);
    return line.slice('OK '.length);
  }

  async read(address: number): Promise<number> {
    return Number(await this.#ask(`readl ${address}`));
  }

  async write(address: number, value: number): Promise<void> {
    await this.#ask(`writel ${address} ${value >>> 0}`);
  }

  async readBytes(address: number, length: number): Promise<Buffer> {
    return Buffer.from((await this.#ask(`read ${address} ${length}`)).slice(2), 'hex');
  }

  async writeBytes(address: number, bytes: Buffer): Promise<void> {
    await this.#ask(`write ${address} ${bytes.length} 0x${bytes.toString('hex')}`);
  }

  close(): void {
    this.#server.close();
    void this.#connected.then((socket) => socket.destroy());
  }
}
