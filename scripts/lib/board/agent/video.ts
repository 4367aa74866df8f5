// SPDX-License-Identifier: MIT
/** A V4L2 capture device, as far as its buffers are concerned. The structures are those of 32-bit ARM with 32-bit times. */
import { O_RDWR, POLLIN } from './constants.ts';
import { structure } from './structure.ts';
import type { Task } from './task.ts';

const VIDIOC_S_FMT = 0xc0cc5605;
const VIDIOC_REQBUFS = 0xc0145608;
const VIDIOC_QBUF = 0xc044560f;
const VIDIOC_EXPBUF = 0xc0405610;
const VIDIOC_DQBUF = 0xc0445611;
const VIDIOC_STREAMON = 0x40045612;
const VIDIOC_STREAMOFF = 0x40045613;

const V4L2_BUF_TYPE_VIDEO_CAPTURE = 1;
const V4L2_FIELD_NONE = 1;
const V4L2_PIX_FMT_YUYV = 0x56595559;
const MEMORY_MMAP = 1;
const MEMORY_DMABUF = 4;

export class Capture {
  readonly #task: Task;
  readonly #fd: number;

  private constructor(task: Task, fd: number) {
    this.#task = task;
    this.#fd = fd;
  }

  static async open(task: Task, path: string): Promise<Capture> {
    return new Capture(task, await task.open(path, O_RDWR));
  }

  #ioctl(name: string, request: number, bytes: Buffer): Promise<Buffer> {
    return this.#task.structureCall(name, this.#fd, request, bytes);
  }

  /** Bytes of a frame of this size, as the driver settles it. */
  async setFormat(width: number, height: number): Promise<number> {
    const format = { 0: V4L2_BUF_TYPE_VIDEO_CAPTURE, 4: width, 8: height, 12: V4L2_PIX_FMT_YUYV, 16: V4L2_FIELD_NONE };
    return (await this.#ioctl('VIDIOC_S_FMT', VIDIOC_S_FMT, structure(204, format))).readUInt32LE(24);
  }

  async #request(count: number, memory: number): Promise<void> {
    const request = structure(20, { 0: count, 4: V4L2_BUF_TYPE_VIDEO_CAPTURE, 8: memory });
    await this.#ioctl('VIDIOC_REQBUFS', VIDIOC_REQBUFS, request);
  }

  /** A dma-buf of its own memory. */
  async export(): Promise<number> {
    await this.#request(1, MEMORY_MMAP);
    const request = structure(64, { 0: V4L2_BUF_TYPE_VIDEO_CAPTURE, 12: O_RDWR });
    return (await this.#ioctl('VIDIOC_EXPBUF', VIDIOC_EXPBUF, request)).readInt32LE(16);
  }

  /** One frame into a dma-buf of somebody else's; its bytes. */
  async captureInto(dmabuf: number): Promise<number> {
    await this.#request(1, MEMORY_DMABUF);
    const buffer = { 0: 0, 4: V4L2_BUF_TYPE_VIDEO_CAPTURE, 48: MEMORY_DMABUF };
    await this.#ioctl('VIDIOC_QBUF', VIDIOC_QBUF, structure(68, { ...buffer, 52: dmabuf }));
    const type = structure(4, { 0: V4L2_BUF_TYPE_VIDEO_CAPTURE });
    await this.#ioctl('VIDIOC_STREAMON', VIDIOC_STREAMON, type);
    await this.#task.poll(10_000, { fd: this.#fd, events: POLLIN });
    const done = await this.#ioctl('VIDIOC_DQBUF', VIDIOC_DQBUF, structure(68, buffer));
    await this.#ioctl('VIDIOC_STREAMOFF', VIDIOC_STREAMOFF, type);
    await this.#request(0, MEMORY_DMABUF);
    return done.readUInt32LE(8);
  }

  async close(): Promise<void> {
    await this.#task.close(this.#fd);
  }
}
