// SPDX-License-Identifier: MIT
import { structure } from './structure.ts';
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

export async function setEfd(
  task: Task,
  fd: number,
  bufferId: number,
  eventfd: number,
  numbers = numbers32,
): Promise<void> {
  const request = structure(8, { 0: bufferId, 4: eventfd });
  await task.structureCall(`SET_EFD {${String(bufferId)}, ${String(eventfd)}}`, fd, numbers.setEfd, request);
}

/** Length of the newest transfer, or NOTHING_NEW. */
export async function getDataSize(task: Task, fd: number, bufferId: number, numbers = numbers32): Promise<number> {
  const request = structure(8, { 0: bufferId, 4: 0x5a5a5a5a });
  const answer = await task.structureCall(`GET_DATA_SIZE {${String(bufferId)}}`, fd, numbers.getDataSize, request);
  return answer.readUInt32LE(4);
}
