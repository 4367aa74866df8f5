// SPDX-License-Identifier: MIT
import { device } from './abi-v1.ts';
import { structure } from './structure.ts';
import type { Task } from './task.ts';

/** Version 2 of the device's interface: see kernel/uapi/rpmsg_sdb.h, which this writes down a second time on purpose. */
export const QUERY = 0x80305260;
export const ALLOCATE = 0xc0185261;
export const FREE = 0x40085262;
export const BUFFER = 0xc0285263;
export const SYNC = 0x40185264;
export const EXPORT = 0xc0105265;
export const IMPORT = 0xc0105266;
export const EXPORT_RANGE = 0xc0205267;

export const PEER_HANDOVER = 1;
export const PEER_WITHDRAWAL = 2;
export const PEER_BATCH = 4;

export const CACHED = 1;
export const FROM_COPROCESSOR = 2;
export const TO_COPROCESSOR = 4;
/** of a buffer that is there: its mappings can be pinned */
export const PINNABLE = 8;

/** A buffer's state: its announcement was sent. */
export const ANNOUNCED = 1;

export const SYNC_FOR_CPU = 0;
export const SYNC_FOR_COPROCESSOR = 1;

/** bytes of struct rpmsg_sdb_transfer */
export const recordSize = 32;

export interface TransferRecord {
  readonly buffer: number;
  readonly length: number;
  readonly missed: number;
  readonly sequence: number;
  /** CLOCK_MONOTONIC, nanoseconds */
  readonly timestamp: bigint;
}

export function parseRecords(bytes: Buffer): TransferRecord[] {
  return Array.from({ length: Math.floor(bytes.length / recordSize) }, (_, i) => ({
    buffer: bytes.readUInt32LE(i * recordSize),
    length: bytes.readUInt32LE(i * recordSize + 4),
    missed: bytes.readUInt32LE(i * recordSize + 8),
    sequence: bytes.readUInt32LE(i * recordSize + 12),
    timestamp: bytes.readBigUInt64LE(i * recordSize + 16),
  }));
}

/** What write() takes; the fields that must be 0 may be given otherwise. */
export function formatRecords(records: readonly (Partial<TransferRecord> & { buffer: number })[]): Buffer {
  const bytes = records.map(({ buffer, length = 0, missed = 0, sequence = 0, timestamp = 0n }) =>
    structure(recordSize, { 0: buffer, 4: length, 8: missed, 12: sequence, 16: timestamp }),
  );
  return Buffer.concat(bytes);
}

export interface Query {
  readonly version: number;
  readonly capabilities: number;
  readonly peer: number;
  readonly maxBuffers: number;
  readonly maxBytes: number;
  readonly addressLimit: number;
  readonly buffers: number;
  readonly bytes: number;
}

export interface Allocation {
  readonly buffer: number;
  readonly size: number;
  /** for mmap() */
  readonly offset: number;
}

export interface Placement {
  readonly index: number;
  readonly address: number;
  readonly size: number;
  readonly state: number;
  readonly flags: number;
}

/** One open file of the device and version 2's calls on it. */
export class RecordFile {
  readonly task: Task;
  readonly fd: number;

  constructor(task: Task, fd: number) {
    this.task = task;
    this.fd = fd;
  }

  static async open(task: Task, flags = 2): Promise<RecordFile> {
    return new RecordFile(task, await task.open(device, flags));
  }

  /** The same file, asked from another thread or process. */
  in(task: Task): RecordFile {
    return new RecordFile(task, this.fd);
  }

  async read(records = 16): Promise<TransferRecord[]> {
    return parseRecords(await this.task.read(this.fd, records * recordSize));
  }

  /** The bytes that were taken. */
  write(...records: readonly (Partial<TransferRecord> & { buffer: number })[]): Promise<number> {
    return this.task.write(this.fd, formatRecords(records));
  }

  #ioctl(name: string, request: number, bytes: Buffer): Promise<Buffer> {
    return this.task.structureCall(name, this.fd, request, bytes);
  }

  async query(): Promise<Query> {
    const answer = await this.#ioctl('QUERY', QUERY, Buffer.alloc(48));
    return {
      version: answer.readUInt32LE(0),
      capabilities: answer.readUInt32LE(4),
      peer: answer.readUInt32LE(8),
      maxBuffers: answer.readUInt32LE(12),
      maxBytes: Number(answer.readBigUInt64LE(16)),
      addressLimit: Number(answer.readBigUInt64LE(24)),
      buffers: answer.readUInt32LE(32),
      bytes: Number(answer.readBigUInt64LE(40)),
    };
  }

  async allocate(size: number | bigint, flags = 0): Promise<Allocation> {
    const request = structure(24, { 0: BigInt(size), 8: flags });
    const answer = await this.#ioctl(`ALLOCATE ${String(size)}`, ALLOCATE, request);
    return {
      size: Number(answer.readBigUInt64LE(0)),
      buffer: answer.readUInt32LE(12),
      offset: Number(answer.readBigUInt64LE(16)),
    };
  }

  async free(buffer: number): Promise<void> {
    await this.#ioctl(`FREE ${String(buffer)}`, FREE, structure(8, { 0: buffer }));
  }

  async buffer(buffer: number): Promise<Placement> {
    const answer = await this.#ioctl(`BUFFER ${String(buffer)}`, BUFFER, structure(40, { 0: buffer }));
    return {
      index: answer.readUInt32LE(4),
      address: Number(answer.readBigUInt64LE(8)),
      size: Number(answer.readBigUInt64LE(16)),
      state: answer.readUInt32LE(24),
      flags: answer.readUInt32LE(28),
    };
  }

  async sync(buffer: number, direction: number, offset: number, length: number): Promise<void> {
    const request = structure(24, { 0: buffer, 4: direction, 8: BigInt(offset), 16: BigInt(length) });
    await this.#ioctl(`SYNC ${String(buffer)}`, SYNC, request);
  }

  /** The descriptor of a new dma-buf. */
  async export(buffer: number, flags = 0): Promise<number> {
    const request = structure(16, { 0: buffer, 4: flags });
    return (await this.#ioctl(`EXPORT ${String(buffer)}`, EXPORT, request)).readInt32LE(8);
  }

  /** The same of a range of the buffer. */
  async exportRange(buffer: number, offset: number, length: number): Promise<number> {
    const request = structure(32, { 0: buffer, 16: BigInt(offset), 24: BigInt(length) });
    return (await this.#ioctl(`EXPORT_RANGE ${String(buffer)}`, EXPORT_RANGE, request)).readInt32LE(8);
  }

  /** The number of a new buffer made of a dma-buf. */
  async import(fd: number): Promise<number> {
    return (await this.#ioctl(`IMPORT ${String(fd)}`, IMPORT, structure(16, { 8: fd }))).readUInt32LE(0);
  }
}
