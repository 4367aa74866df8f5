// SPDX-License-Identifier: MIT

const crossCompile = 'arm-linux-gnueabihf-';

/** What every make of this kernel and its modules is told. */
export const makeArguments: readonly string[] = ['ARCH=arm', `CROSS_COMPILE=${crossCompile}`];
