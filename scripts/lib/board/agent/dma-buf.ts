// SPDX-License-Identifier: MIT
/** dma-bufs of others, and what user space can ask of any: include/uapi/linux/{dma-buf,dma-heap,udmabuf}.h. */
import { O_CLOEXEC, O_RDWR } from './constants.ts';
import { SystemCallError } from './errors.ts';
import type { Task } from './task.ts';

const DMA_BUF_IOCTL_SYNC = 0x40086200;
const DMA_HEAP_IOCTL_ALLOC = 0xc0184800;
const UDMABUF_CREATE_LIST = 0x40087543;

export const DMA_BUF_SYNC_READ = 1;
export const DMA_BUF_SYNC_START = 0;
export const DMA_BUF_SYNC_END = 4;

/** Begin or end of the CPU's access to a mapped dma-buf. */
export async function syncDmaBuf(task: Task, dmabuf: number, flags: number): Promise<void> {
  const request = Buffer.alloc(8);
  request.writeUInt32LE(flags, 0);
  const { errno } = await task.ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, request);
  if (errno !== undefined) throw new SystemCallError('DMA_BUF_IOCTL_SYNC', errno);
}

/** A dma-buf of a heap, by its name below /dev/dma_heap. */
export async function allocateFromHeap(task: Task, heap: string, bytes: number): Promise<number> {
  const fd = await task.open(`/dev/dma_heap/${heap}`, O_RDWR);
  const request = Buffer.alloc(24);
  request.writeUInt32LE(bytes, 0);
  request.writeUInt32LE(O_RDWR | O_CLOEXEC, 12);
  const { errno, bytes: answer } = await task.ioctl(fd, DMA_HEAP_IOCTL_ALLOC, request);
  await task.close(fd);
  if (errno !== undefined) throw new SystemCallError('DMA_HEAP_IOCTL_ALLOC', errno);
  return answer.readUInt32LE(8);
}

/** A dma-buf made of these pages of a memfd, in this order; one may be in it twice. */
export async function dmaBufOfPages(
  task: Task,
  memfd: number,
  pages: readonly number[],
  page: number,
): Promise<number> {
  const fd = await task.open('/dev/udmabuf', O_RDWR);
  const request = Buffer.alloc(8 + 24 * pages.length);
  request.writeUInt32LE(1, 0);
  request.writeUInt32LE(pages.length, 4);
  pages.forEach((number, i) => {
    request.writeUInt32LE(memfd, 8 + 24 * i);
    request.writeUInt32LE(number * page, 16 + 24 * i);
    request.writeUInt32LE(page, 24 + 24 * i);
  });
  const { errno, result } = await task.ioctl(fd, UDMABUF_CREATE_LIST, request);
  await task.close(fd);
  if (errno !== undefined) throw new SystemCallError('UDMABUF_CREATE_LIST', errno);
  return result ?? -1;
}
