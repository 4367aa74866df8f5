// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { arm } from '../../base/target/architecture.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { DriverBuild } from './driver-build.ts';

/** A configured kernel build directory of a board. ARCH and CROSS_COMPILE are taken from the environment, else 32-bit ARM. */
export function directoryBuild(kdir: string): DriverBuild {
  const { ARCH: arch = arm.kernel, CROSS_COMPILE: prefix = arm.crossCompile, LLVM: llvm } = process.env;
  return {
    kdir: resolve(kdir),
    makeArguments: [`ARCH=${arch}`, `CROSS_COMPILE=${prefix}`, ...(llvm ? [`LLVM=${llvm}`] : [])],
  };
}

/** `uname -r` of the kernel that was built in a directory. It fails if no modules can be built there. */
export async function kernelRelease(kdir: string): Promise<string> {
  return (await readIn(kdir, 'include/config/kernel.release')).trim();
}

/** The kernel's settings, without CONFIG_: y, m, a number or a string; what is off has none. */
export async function kernelSettings(kdir: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await readIn(kdir, 'include/config/auto.conf')).matchAll(/^CONFIG_(\w+)="?(.*?)"?$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}

async function readIn(kdir: string, path: string): Promise<string> {
  try {
    return await readFile(join(kdir, path), 'utf8');
  } catch (error) {
    throw new Failure('usage', `${kdir} is not a kernel build directory that modules can be built in`, {
      remedy: `make -C ${kdir} modules_prepare`,
      cause: error,
    });
  }
}
