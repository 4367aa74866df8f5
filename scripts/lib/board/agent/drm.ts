// SPDX-License-Identifier: MIT
/** A DRM device, as far as it takes dma-bufs: include/uapi/drm/drm.h. */
import { O_RDWR } from './constants.ts';
import { structure } from './structure.ts';
import type { Task } from './task.ts';

const DRM_IOCTL_PRIME_FD_TO_HANDLE = 0xc00c642e;

/** The device, which keeps what it imported until it is closed, and its number for the dma-buf. */
export async function importIntoDrm(
  task: Task,
  path: string,
  dmabuf: number,
): Promise<{ readonly drm: number; readonly handle: number }> {
  const drm = await task.open(path, O_RDWR);
  const request = structure(12, { 8: dmabuf });
  const answer = await task.structureCall('PRIME_FD_TO_HANDLE', drm, DRM_IOCTL_PRIME_FD_TO_HANDLE, request);
  return { drm, handle: answer.readUInt32LE(0) };
}
