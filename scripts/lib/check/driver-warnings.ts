// SPDX-License-Identifier: MIT
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilerVersion } from '../build/compiler.ts';
import { makeDriver } from '../build/driver.ts';
import type { BuildJob } from '../build/job.ts';
import { sourceInputs, sourceTrees } from '../build/sources.ts';
import { cached } from '../cache/cached.ts';
import { Failure } from '../failure/failure.ts';
import { kernelBuild } from '../kernel/build-directory.ts';
import type { KernelVersion } from '../kernel/versions.ts';
import type { Check } from '../test-run/check.ts';

/** The driver built with all of the compiler's warnings and under sparse: not a word may come from its own files. */
export function driverWarnings(kernel: KernelVersion, job: BuildJob): Check {
  return {
    name: `driver for ${kernel}: gcc W=1 and sparse are silent`,
    async run(log) {
      const build = await kernelBuild(kernel, log);
      const tools = [await compilerVersion('arm-linux-gnueabihf-gcc'), await compilerVersion('sparse')];
      const inputs = [
        '1',
        build.dir,
        ...tools,
        ...build.makeArguments,
        ...(await sourceInputs(job.root, sourceTrees.driver)),
      ];
      // Only a silent build is kept, so what was found is found again until it is mended.
      await cached('driver-warnings', inputs, async (dir) => {
        const copy = join(dir, 'source');
        const flags = ['C=2', 'W=1', 'CF=-D__CHECK_ENDIAN__ -Wcontext'];
        const make = { kdir: build.dir, makeArguments: build.makeArguments };
        const said = await makeDriver(copy, make, `driver-warnings-${kernel}`, job, flags);
        const found = ownFindings(said, copy);
        if (found.length > 0) throw new Failure('test', found.join('\n'));
        await writeFile(join(dir, 'silent'), '');
      });
      return undefined;
    },
  };
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
