// SPDX-License-Identifier: MIT
import { sourceFiles } from '../../host/build/sources.ts';

const isC = (file: string): boolean => /\.[ch](pp)?$/.test(file);

/** The driver's C, sources and headers. */
export async function driverFiles(root: string): Promise<string[]> {
  return (await sourceFiles(root, ['kernel'])).filter(isC);
}

/** The kernel's style is not that of QEMU, whose models these are. */
const isOfQemu = (file: string): boolean => file.includes('/test/emulator/stm32mp157/');

/** All C and C++ of the project, but QEMU's: driver, firmware, tools, agent, and the tests' programs. */
export async function allCFiles(root: string): Promise<string[]> {
  return (await sourceFiles(root, ['kernel', 'firmware', 'tools', 'test'])).filter(
    (file) => isC(file) && !isOfQemu(file),
  );
}
