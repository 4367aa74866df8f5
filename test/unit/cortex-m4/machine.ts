// SPDX-License-Identifier: MIT
import { closeSync, openSync, readSync, truncateSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Where the machine's PSRAM begins, which is a file of this host: see firmware/platforms/stm32mp15-qemu. */
const memoryBase = 0x2100_0000;
const memorySize = 0x100_0000;

/** Bytes of the serial line that stands for Linux's side of the IPCC; channels are in the low bits. */
const [filled, answered, bitten] = [0x00, 0x10, 0x20];

export interface Doorbells {
  /** the firmware has filled one of its channels */
  onFilled(channel: number): void;
  /** the firmware has answered one of Linux's channels */
  onAnswered(channel: number): void;
}

/** A Cortex-M4 in QEMU that runs the firmware, with its memory and its doorbells in this process's hands. */
export class Machine {
  readonly #process;
  readonly #memory: number;
  readonly #directory: string;
  readonly #bitten: Promise<void>;

  private constructor(directory: string, firmware: string, doorbells: Doorbells) {
    this.#directory = directory;
    const file = join(directory, 'memory');
    this.#memory = openSync(file, 'w+');
    truncateSync(file, memorySize);
    const backend = `memory-backend-file,id=ram,size=${memorySize},mem-path=${file},share=on`;
    this.#process = execa(
      'qemu-system-arm',
      [
        ['-machine', 'mps2-an386,memory-backend=ram', '-object', backend, '-kernel', firmware],
        ['-nodefaults', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
      ].flat(),
      { reject: false, buffer: { stdout: false }, encoding: 'buffer' },
    );
    this.#process.stdin.on('error', () => undefined);
    this.#bitten = new Promise((resolve) => {
      this.#process.stdout.on('data', (bytes: Buffer) => {
        for (const byte of bytes) {
          if (byte === bitten) resolve();
          else if ((byte & 0xf0) === answered) doorbells.onAnswered(byte & 0xf);
          else if ((byte & 0xf0) === filled) doorbells.onFilled(byte & 0xf);
        }
      });
    });
  }

  static async start(firmware: string, doorbells: Doorbells): Promise<Machine> {
    return new Machine(await mkdtemp(join(tmpdir(), 'rpmsg-sdb-m4-')), firmware, doorbells);
  }

  async stop(): Promise<void> {
    this.#process.kill();
    await this.#process;
    closeSync(this.#memory);
    await rm(this.#directory, { recursive: true });
  }

  /** Resolves when the firmware has brought the watchdog on itself. */
  get watchdog(): Promise<void> {
    return this.#bitten;
  }

  fill(channel: number): void {
    this.#process.stdin.write(Buffer.of(filled | channel));
  }

  answer(channel: number): void {
    this.#process.stdin.write(Buffer.of(answered | channel));
  }

  read(address: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#memory, bytes, 0, length, address - memoryBase);
    return bytes;
  }

  write(address: number, bytes: Buffer): void {
    writeSync(this.#memory, bytes, 0, bytes.length, address - memoryBase);
  }
}
