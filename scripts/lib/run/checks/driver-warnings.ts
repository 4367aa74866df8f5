// SPDX-License-Identifier: MIT
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compilerVersion } from '../../host/programs/compiler.ts';
import { keptBuild, makeDriver } from '../../host/build/driver.ts';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceInputs, sourceTrees } from '../../host/build/sources.ts';
import { kernelBuild } from '../../host/kernel/build-directory.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import type { Check } from './check.ts';
import { remembered } from './remembered.ts';

const strict = ['C=2', 'W=1', 'CF=-D__CHECK_ENDIAN__ -Wcontext'];

/** The driver built with all of the compiler's warnings and under sparse: not a word may come from its own files. */
export function driverWarnings(kernel: KernelVersion, job: BuildJob): Check {
  return remembered({
    id: 'driver-warnings',
    name: `driver for ${kernel}: gcc W=1 and sparse are silent`,
    inputs: async (log) => {
      const { dir, architecture, makeArguments } = await kernelBuild(kernel, log);
      const tools = [await compilerVersion(`${architecture.crossCompile}gcc`), await compilerVersion('sparse')];
      return [dir, ...tools, ...makeArguments, ...strict, ...(await sourceInputs(job.root, sourceTrees.driver))];
    },
    run: async (log, scratch) => {
      const { dir, makeArguments } = await kernelBuild(kernel, log);
      const copy = join(scratch, 'source');
      const said = await makeDriver(copy, keptBuild(dir, makeArguments), `driver-warnings-${kernel}`, job, strict);
      await rm(copy, { recursive: true });
      const found = ownFindings(said, copy);
      return found.length === 0 ? undefined : found.join('\n');
    },
  });
}

/** Warnings and errors about our files; the kernel's own headers are not ours to mend. */
export function ownFindings(said: string, directory: string): string[] {
  return said
    .split('\n')
    .filter(
      (line) =>
        /^\S+:\d+:.*\b(warning|error):/.test(line) && !line.includes('/usr/src/') && !/^\S*\/include\//.test(line),
    )
    .map((line) => line.replace(`${directory}/`, ''));
}
