// SPDX-License-Identifier: MIT
import { boardKernel, type KernelVersion } from '../kernel/versions.ts';
import type { Deliverables } from '../deploy/deploy.ts';
import { buildAgent, buildFirmware } from './board-programs.ts';
import { buildDriver } from './driver.ts';
import type { BuildJob } from './job.ts';

/** Everything a board with this kernel needs. */
export async function buildAll(kernel: KernelVersion, job: BuildJob): Promise<Deliverables> {
  // Side by side they would only compete: the driver's make uses all cores.
  const driver = await buildDriver(kernel, job);
  const { architecture, programs } = boardKernel(kernel);
  const firmware = await buildFirmware('emulated', job, architecture);
  const agent = await buildAgent(job, programs);
  return { driver, firmware, agent };
}
