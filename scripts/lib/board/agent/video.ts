// SPDX-License-Identifier: MIT
/** A V4L2 capture device, as far as its buffers are concerned: include/uapi/linux/videodev2.h. */
import { O_RDWR, POLLIN } from './constants.ts';
import { structure } from './structure.ts';
import type { Task } from './task.ts';

const VIDIOC_S_FMT = 0xc0005605;
const VIDIOC_REQBUFS = 0xc0145608;
const VIDIOC_QBUF = 0xc000560f;
const VIDIOC_EXPBUF = 0xc0405610;
const VIDIOC_DQBUF = 0xc0005611;
const VIDIOC_STREAMON = 0x40045612;
const VIDIOC_STREAMOFF = 0x40045613;

const V4L2_BUF_TYPE_VIDEO_CAPTURE = 1;
const V4L2_FIELD_NONE = 1;
const V4L2_PIX_FMT_YUYV = 0x56595559;
const MEMORY_MMAP = 1;
const MEMORY_DMABUF = 4;

/**
 * struct v4l2_format, with the offset of its struct v4l2_pix_format, and struct v4l2_buffer, with those of "memory" and
 * "m". They differ by the bits of a pointer. On 32-bit ARM a program's times have 32 bits here.
 */
const layouts = {
  32: { format: 204, pixels: 4, buffer: 68, memory: 48, m: 52 },
  64: { format: 208, pixels: 8, buffer: 88, memory: 60, m: 64 },
} as const;
type Layout = (typeof layouts)[32 | 64];

/** A request whose number has the size of its structure in it. */
const sized = (request: number, size: number): number => request + size * 0x10000;

export class Capture {
  readonly #task: Task;
  readonly #fd: number;
  readonly #layout: Layout;

  private constructor(task: Task, fd: number, layout: Layout) {
    this.#task = task;
    this.#fd = fd;
    this.#layout = layout;
  }

  static async open(task: Task, path: string): Promise<Capture> {
    const { bits } = await task.self();
    return new Capture(task, await task.open(path, O_RDWR), layouts[bits === 64 ? 64 : 32]);
  }

  #ioctl(name: string, request: number, bytes: Buffer): Promise<Buffer> {
    return this.#task.structureCall(name, this.#fd, request, bytes);
  }

  /** Bytes of a frame of this size, as the driver settles it. */
  async setFormat(width: number, height: number): Promise<number> {
    const { format: size, pixels: at } = this.#layout;
    const pixels = { [at]: width, [at + 4]: height, [at + 8]: V4L2_PIX_FMT_YUYV, [at + 12]: V4L2_FIELD_NONE };
    const format = structure(size, { 0: V4L2_BUF_TYPE_VIDEO_CAPTURE, ...pixels });
    return (await this.#ioctl('VIDIOC_S_FMT', sized(VIDIOC_S_FMT, size), format)).readUInt32LE(at + 20);
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
    const { buffer: size, memory, m } = this.#layout;
    const buffer = { 0: 0, 4: V4L2_BUF_TYPE_VIDEO_CAPTURE, [memory]: MEMORY_DMABUF };
    await this.#ioctl('VIDIOC_QBUF', sized(VIDIOC_QBUF, size), structure(size, { ...buffer, [m]: dmabuf }));
    const type = structure(4, { 0: V4L2_BUF_TYPE_VIDEO_CAPTURE });
    await this.#ioctl('VIDIOC_STREAMON', VIDIOC_STREAMON, type);
    await this.#task.poll(10_000, { fd: this.#fd, events: POLLIN });
    const done = await this.#ioctl('VIDIOC_DQBUF', sized(VIDIOC_DQBUF, size), structure(size, buffer));
    await this.#ioctl('VIDIOC_STREAMOFF', VIDIOC_STREAMOFF, type);
    await this.#request(0, MEMORY_DMABUF);
    return done.readUInt32LE(8);
  }

  async close(): Promise<void> {
    await this.#task.close(this.#fd);
  }
}
