// SPDX-License-Identifier: MIT
/** dma-bufs of other exporters, and calls on any dma-buf: include/uapi/linux/{dma-buf,dma-heap,udmabuf}.h. */
import { O_CLOEXEC, O_RDWR } from './constants.ts';
import { SystemCallError } from './errors.ts';
import { structure } from './structure.ts';
import type { Task } from './task.ts';

const DMA_BUF_IOCTL_SYNC = 0x40086200;
const DMA_HEAP_IOCTL_ALLOC = 0xc0184800;
const UDMABUF_CREATE_LIST = 0x40087543;

export const DMA_BUF_SYNC_READ = 1;
export const DMA_BUF_SYNC_WRITE = 2;
export const DMA_BUF_SYNC_RW = 3;
export const DMA_BUF_SYNC_START = 0;
export const DMA_BUF_SYNC_END = 4;

/** Begin or end of the CPU's access to a mapped dma-buf. */
export async function syncDmaBuf(task: Task, dmabuf: number, flags: number): Promise<void> {
  await task.structureCall('DMA_BUF_IOCTL_SYNC', dmabuf, DMA_BUF_IOCTL_SYNC, structure(8, { 0: flags }));
}

/** A dma-buf of a heap, by its name below /dev/dma_heap. */
export async function allocateFromHeap(task: Task, heap: string, bytes: number): Promise<number> {
  const fd = await task.open(`/dev/dma_heap/${heap}`, O_RDWR);
  const request = structure(24, { 0: bytes, 12: O_RDWR | O_CLOEXEC });
  const answer = await task.structureCall('DMA_HEAP_IOCTL_ALLOC', fd, DMA_HEAP_IOCTL_ALLOC, request);
  await task.close(fd);
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
  const items = pages.map((number) => structure(24, { 0: memfd, 8: number * page, 16: page }));
  const request = Buffer.concat([structure(8, { 0: 1, 4: pages.length }), ...items]);
  const { errno, result } = await task.ioctl(fd, UDMABUF_CREATE_LIST, request);
  await task.close(fd);
  if (errno !== undefined) throw new SystemCallError('UDMABUF_CREATE_LIST', errno);
  return result ?? -1;
}
