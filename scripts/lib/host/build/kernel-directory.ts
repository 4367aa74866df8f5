// SPDX-License-Identifier: MIT
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { arm } from '../../base/target/architecture.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { DriverBuild } from './driver.ts';

/** A configured kernel build directory of a board. ARCH and CROSS_COMPILE are taken from the environment, else 32-bit ARM. */
export function directoryBuild(kdir: string): DriverBuild {
  const arch = process.env['ARCH'] ?? arm.kernel;
  const prefix = process.env['CROSS_COMPILE'] ?? arm.crossCompile;
  return { kdir: resolve(kdir), makeArguments: [`ARCH=${arch}`, `CROSS_COMPILE=${prefix}`] };
}

/** `uname -r` of the kernel that was built in a directory: also says whether it is one that modules can be built in. */
export async function kernelRelease(kdir: string): Promise<string> {
  try {
    return (await readFile(join(kdir, 'include', 'config', 'kernel.release'), 'utf8')).trim();
  } catch (error) {
    throw new Failure('usage', `${kdir} is not a kernel build directory that modules can be built in`, {
      remedy: `make -C ${kdir} modules_prepare`,
      cause: error,
    });
  }
}
