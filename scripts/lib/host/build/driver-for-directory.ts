// SPDX-License-Identifier: MIT
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriverBuild, tool } from './driver-build.ts';
import { makeDriver, module, place, stripDriver } from './driver.ts';
import type { BuildJob } from './job.ts';
import { fitted, sign } from './kernel-tools.ts';
import type { Driver } from './module-info.ts';
import { temporaryDirectory } from '../../base/process/temporary.ts';

/** The driver for any kernel build directory, for instance a real board's SDK: built anew each time. */
export function buildDriverFor(build: DriverBuild, name: string, job: BuildJob): Promise<Driver> {
  return job.log.step(`driver for ${name}`, async () => {
    const fit = await fitted(build);
    // Not in the checkout: its path may have white space in it, which the kernel's makefiles do not take.
    const scratch = temporaryDirectory('driver');
    try {
      await makeDriver(scratch, fit, `driver-${name}`, job);
      await stripDriver(scratch, tool(fit, 'strip', 'llvm-strip'), job, fit.env);
      await sign(join(scratch, module), fit, job);
      return await place(scratch, join(job.root, 'out', 'build', name));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}
