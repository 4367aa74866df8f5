// SPDX-License-Identifier: MIT
/** A DRM device, as far as it takes dma-bufs: include/uapi/drm/drm.h. */
import { O_RDWR } from './constants.ts';
import { SystemCallError } from './errors.ts';
import type { Task } from './task.ts';

const DRM_IOCTL_PRIME_FD_TO_HANDLE = 0xc00c642e;

/** The device, which keeps what it imported until it is closed, and its number for the dma-buf. */
export async function importIntoDrm(
  task: Task,
  path: string,
  dmabuf: number,
): Promise<{ readonly drm: number; readonly handle: number }> {
  const drm = await task.open(path, O_RDWR);
  const request = Buffer.alloc(12);
  request.writeInt32LE(dmabuf, 8);
  const { errno, bytes } = await task.ioctl(drm, DRM_IOCTL_PRIME_FD_TO_HANDLE, request);
  if (errno !== undefined) throw new SystemCallError('DRM_IOCTL_PRIME_FD_TO_HANDLE', errno);
  return { drm, handle: bytes.readUInt32LE(0) };
}
