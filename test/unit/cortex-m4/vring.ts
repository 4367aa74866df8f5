// SPDX-License-Identifier: MIT
import type { Machine } from './machine.ts';

/** Of the firmware's resource table. */
export const ringEntries = 16;
const align = 16;
const descriptorSize = 16;
const noInterrupt = 1;

/** One vring as its driver, Linux, uses it: split ring of virtio 1.2, chapter 2.7, without event index. */
export class Vring {
  readonly #machine: Machine;
  readonly #address: number;
  #available = 0;
  #used = 0;

  constructor(machine: Machine, address: number) {
    this.#machine = machine;
    this.#address = address;
    machine.write(address, Buffer.alloc(4096));
  }

  get #availableRing(): number {
    return this.#address + ringEntries * descriptorSize;
  }

  get #usedRing(): number {
    const end = this.#availableRing + 2 * (3 + ringEntries);
    return Math.ceil(end / align) * align;
  }

  /** Makes a buffer known as descriptor `id`. */
  describe(id: number, address: number, length: number, deviceWrites: boolean): void {
    const descriptor = Buffer.alloc(descriptorSize);
    descriptor.writeBigUInt64LE(BigInt(address), 0);
    descriptor.writeUInt32LE(length, 8);
    descriptor.writeUInt16LE(deviceWrites ? 2 : 0, 12);
    this.#machine.write(this.#address + id * descriptorSize, descriptor);
  }

  /** Hands a descriptor to the device. Whether it wants a doorbell for that. */
  offer(id: number): boolean {
    this.#write16(this.#availableRing + 4 + (this.#available % ringEntries) * 2, id);
    this.#available = (this.#available + 1) & 0xffff;
    this.#write16(this.#availableRing + 2, this.#available);
    return (this.#read16(this.#usedRing) & noInterrupt) === 0;
  }

  /** The next descriptor that the device has given back, with the bytes it wrote. */
  take(): { id: number; length: number } | undefined {
    if (this.#read16(this.#usedRing + 2) === this.#used) return undefined;
    const element = this.#machine.read(this.#usedRing + 4 + (this.#used % ringEntries) * 8, 8);
    this.#used = (this.#used + 1) & 0xffff;
    return { id: element.readUInt32LE(0), length: element.readUInt32LE(4) };
  }

  #read16(address: number): number {
    return this.#machine.read(address, 2).readUInt16LE();
  }

  #write16(address: number, value: number): void {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    this.#machine.write(address, bytes);
  }
}
