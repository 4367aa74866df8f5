// SPDX-License-Identifier: MIT
import { SystemCallError } from './errors.ts';
import type { Task } from './task.ts';

/**
 * Version 1 of the device's interface. The numbers are those in existing binaries. They are not taken from the
 * driver's header, because they must never follow a change there.
 */
export const SET_EFD_32 = 0x40045200;
export const GET_DATA_SIZE_32 = 0xc0045201;
export const SET_EFD_64 = 0x40085200;
export const GET_DATA_SIZE_64 = 0xc0085201;

export const NOTHING_NEW = 0xffffffff;

export const device = '/dev/rpmsg_sdb';
export const deviceLink = '/dev/rpmsg-sdb';

/** The agent is a 32-bit program on a 32-bit board and a 64-bit one on a 64-bit board. */
export interface IoctlNumbers {
  readonly setEfd: number;
  readonly getDataSize: number;
}
export const numbers32: IoctlNumbers = { setEfd: SET_EFD_32, getDataSize: GET_DATA_SIZE_32 };
export const numbers64: IoctlNumbers = { setEfd: SET_EFD_64, getDataSize: GET_DATA_SIZE_64 };

function pair(first: number, second: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32LE(first | 0, 0);
  bytes.writeInt32LE(second | 0, 4);
  return bytes;
}

export async function setEfd(
  task: Task,
  fd: number,
  bufferId: number,
  eventfd: number,
  numbers = numbers32,
): Promise<void> {
  const { errno } = await task.ioctl(fd, numbers.setEfd, pair(bufferId, eventfd));
  if (errno !== undefined) throw new SystemCallError(`SET_EFD {${String(bufferId)}, ${String(eventfd)}}`, errno);
}

/** Length of the newest transfer, or NOTHING_NEW. */
export async function getDataSize(task: Task, fd: number, bufferId: number, numbers = numbers32): Promise<number> {
  const { errno, bytes } = await task.ioctl(fd, numbers.getDataSize, pair(bufferId, 0x5a5a5a5a));
  if (errno !== undefined) throw new SystemCallError(`GET_DATA_SIZE {${String(bufferId)}}`, errno);
  return bytes.readUInt32LE(4);
}
