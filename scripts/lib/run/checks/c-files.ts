// SPDX-License-Identifier: MIT
import { sourceFiles } from '../../host/build/sources.ts';

const isC = (file: string): boolean => /\.[ch]$/.test(file);

/** The driver's C, sources and headers. */
export async function driverFiles(root: string): Promise<string[]> {
  return (await sourceFiles(root, ['kernel'])).filter(isC);
}

/** All C of the project: driver, firmware, tools, agent, emulated hardware, and the unit tests' programs. */
export async function allCFiles(root: string): Promise<string[]> {
  return (await sourceFiles(root, ['kernel', 'firmware', 'tools', 'test'])).filter(isC);
}
