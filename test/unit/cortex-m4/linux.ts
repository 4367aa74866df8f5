// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from 'node:timers/promises';
import { Machine } from './machine.ts';
import { ringEntries, Vring } from './vring.ts';

/** Order of the mailboxes, and with them of the IPCC's channels. */
export const channels = { toLinux: 0, fromLinux: 1, shutdown: 2, detach: 3 } as const;

/** The firmware's endpoints. */
export const endpoints = { service: 0x400, test: 0x401, echo: 0x402, nameService: 0x35 } as const;

/** Where this Linux has its own end of everything. */
const own = 0x500;

const resourceTable = 0x2100_0000;
const vdev = 24;
const [statusOffset, vringsOffset, vringSize] = [24, 28, 20];
const trace = vdev + vringsOffset + 2 * vringSize;
const driverOk = 7;

const rings = { toLinux: 0x2104_0000, fromLinux: 0x2104_1000 };
const buffersAt = 0x2104_2000;
const bufferSize = 512;
const headerSize = 16;

export interface Message {
  readonly from: number;
  readonly to: number;
  readonly payload: Buffer;
}

/** As much of Linux's remoteproc and rpmsg as a firmware notices. */
export class Linux {
  #machine: Machine | undefined;
  #toLinux: Vring | undefined;
  #fromLinux: Vring | undefined;
  readonly #free: number[] = [];
  readonly #inbox: Message[] = [];
  readonly #waiting = new Map<number, () => void>();
  /** set to false, the firmware's doorbells are noticed and not answered */
  answers = true;
  /** how often the firmware has rung, by channel */
  readonly rung = [0, 0, 0, 0];

  get machine(): Machine {
    if (!this.#machine) throw new Error('not started');
    return this.#machine;
  }

  /** Starts the core; the firmware waits for DRIVER_OK. */
  async boot(firmware: string): Promise<void> {
    this.#machine = await Machine.start(firmware, {
      onFilled: (channel) => {
        this.rung[channel] = (this.rung[channel] ?? 0) + 1;
        this.#receive();
        if (this.answers) this.machine.answer(channel);
      },
      onAnswered: (channel) => this.#waiting.get(channel)?.(),
    });
    await this.#until('the firmware to start', () => this.trace().includes('rpmsg-sdb-test'));
  }

  /** Sets up the rings and says DRIVER_OK, as virtio_rpmsg_bus does. */
  async attach(): Promise<void> {
    const { machine } = this;
    this.#toLinux = new Vring(machine, rings.toLinux);
    this.#fromLinux = new Vring(machine, rings.fromLinux);
    this.#free.length = 0;
    for (let id = 0; id < ringEntries; id++) {
      this.#toLinux.describe(id, buffersAt + id * bufferSize, bufferSize, true);
      this.#toLinux.offer(id);
      this.#fromLinux.describe(id, this.#sendBuffer(id), bufferSize, false);
      this.#free.push(id);
    }
    this.#write32(resourceTable + vdev + vringsOffset, rings.toLinux);
    this.#write32(resourceTable + vdev + vringsOffset + vringSize, rings.fromLinux);
    machine.write(resourceTable + vdev + statusOffset, Buffer.of(driverOk));
    await this.ring(channels.toLinux);
  }

  /** Takes DRIVER_OK back, which remoteproc does before it rings to stop the firmware or to let go of it. */
  detach(): void {
    this.machine.write(resourceTable + vdev + statusOffset, Buffer.of(0));
  }

  /** Rings, and resolves once the firmware has answered. */
  ring(channel: number): Promise<void> {
    const answer = new Promise<void>((resolve) => this.#waiting.set(channel, resolve));
    this.machine.fill(channel);
    return Promise.race([answer, this.#late(`the answer on channel ${channel}`)]);
  }

  /** Resolves once the firmware has rung this often. */
  rings(channel: number, count: number): Promise<void> {
    return this.#until(`ring ${count} on channel ${channel}`, () => (this.rung[channel] ?? 0) >= count);
  }

  async send(to: number, payload: string | Buffer): Promise<void> {
    const ring = this.#fromLinux;
    if (!ring) throw new Error('not attached');
    for (let back = ring.take(); back; back = ring.take()) this.#free.push(back.id);
    const id = this.#free.shift();
    if (id === undefined) throw new Error('the ring to the firmware is full');
    const bytes = Buffer.from(payload);
    const header = Buffer.alloc(headerSize);
    header.writeUInt32LE(own, 0);
    header.writeUInt32LE(to, 4);
    header.writeUInt16LE(bytes.length, 12);
    this.machine.write(this.#sendBuffer(id), Buffer.concat([header, bytes]));
    ring.describe(id, this.#sendBuffer(id), headerSize + bytes.length, false);
    if (ring.offer(id)) await this.ring(channels.fromLinux);
  }

  /** The next message that has come from this endpoint. */
  async receive(from: number): Promise<Message> {
    let found: Message | undefined;
    await this.#until(`a message from ${from.toString(16)}`, () => {
      this.#receive();
      const index = this.#inbox.findIndex((message) => message.from === from);
      if (index >= 0) [found] = this.#inbox.splice(index, 1);
      return found !== undefined;
    });
    if (!found) throw new Error('unreachable');
    return found;
  }

  /** A request of the test endpoint; its last reply, with those before it. */
  async request(text: string): Promise<string[]> {
    await this.send(endpoints.test, text);
    for (const replies: string[] = []; ;) {
      const reply = (await this.receive(endpoints.test)).payload.toString('latin1');
      replies.push(reply);
      if (!reply.startsWith('+ ')) return replies;
    }
  }

  /** What the firmware wrote down for remoteproc's trace0. */
  trace(): string {
    const entry = this.machine.read(resourceTable + trace, 12);
    const address = entry.readUInt32LE(4);
    if (address === 0) return '';
    const text = this.machine.read(address, entry.readUInt32LE(8)).toString('latin1');
    return text.slice(0, text.indexOf('\0'));
  }

  async stop(): Promise<void> {
    await this.#machine?.stop();
  }

  /** Empties the ring, and gives each buffer back. */
  #receive(): void {
    const ring = this.#toLinux;
    for (let used = ring?.take(); ring && used; used = ring.take()) {
      const bytes = this.machine.read(buffersAt + used.id * bufferSize, used.length);
      const length = bytes.readUInt16LE(12);
      const payload = bytes.subarray(headerSize, headerSize + length);
      this.#inbox.push({ from: bytes.readUInt32LE(0), to: bytes.readUInt32LE(4), payload });
      if (ring.offer(used.id)) this.machine.fill(channels.toLinux);
    }
  }

  #sendBuffer(id: number): number {
    return buffersAt + (ringEntries + id) * bufferSize;
  }

  #write32(address: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.machine.write(address, bytes);
  }

  async #until(what: string, done: () => boolean): Promise<void> {
    // Rings are memory: without a doorbell there is nothing to wait for but their change.
    for (const end = Date.now() + 10_000; !done(); await sleep(1)) {
      if (Date.now() > end) throw new Error(`${what}: not within 10 s; the firmware said:\n${this.trace()}`);
    }
  }

  async #late(what: string): Promise<never> {
    await sleep(10_000, undefined, { ref: false });
    throw new Error(`${what}: not within 10 s; the firmware said:\n${this.trace()}`);
  }
}
