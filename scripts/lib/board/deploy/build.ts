// SPDX-License-Identifier: MIT
import { stat } from 'node:fs/promises';
import type { BoardBuild } from '../inventory/board.ts';
import type { Deliverables } from './deploy.ts';
import { Failure } from '../../base/failure/failure.ts';
import { arm, type Architecture } from '../../base/target/architecture.ts';
import { boardKernel } from '../../base/target/kernels.ts';
import { firmwarePlatforms } from '../../base/target/firmware-platforms.ts';
import { buildAgent, buildFirmware } from '../../host/build/board-programs.ts';
import { buildDriver } from '../../host/build/driver.ts';
import { buildDriverFor } from '../../host/build/driver-for-directory.ts';
import type { BuildJob } from '../../host/build/job.ts';
import { directoryBuild, kernelRelease } from '../../host/build/kernel-directory.ts';
import type { Driver } from '../../host/build/module-info.ts';
import { sdkBuild } from '../../host/build/sdk.ts';

/** Everything a board needs. */
export async function buildFor(board: BoardBuild, job: BuildJob): Promise<Deliverables> {
  // Side by side they would only compete: the driver's make uses all cores.
  const driver = await driverFor(board, job);
  const firmware = await firmwareFor(board, job);
  const agent = await buildAgent(job, programsOf(board));
  return { driver, firmware, agent };
}

async function driverFor({ name, kernel, kdir, sdk }: BoardBuild, job: BuildJob): Promise<Driver> {
  if (kernel !== undefined) return buildDriver(kernel, job);
  if (kdir === undefined && sdk === undefined) {
    throw new Failure('usage', `the inventory does not say which kernel ${name} runs`, {
      kind: 'inventory',
      remedy: `add kdir (the kernel's build directory) or sdk (a Yocto SDK) to ${name}`,
    });
  }
  const build = sdk === undefined ? directoryBuild(kdir ?? '') : await sdkBuild(sdk, kdir);
  return buildDriverFor(build, await kernelRelease(build.kdir), job);
}

/** The firmware that the inventory names, built where it is a platform's. */
export async function firmwareFor({ name, firmware }: BoardBuild, job: BuildJob): Promise<string> {
  const platform = firmwarePlatforms.find((one) => one === firmware);
  if (platform !== undefined) return buildFirmware(platform, job);
  const entry = firmware === undefined ? undefined : await stat(firmware).catch(() => undefined);
  if (firmware !== undefined && entry?.isFile()) return firmware;
  throw new Failure(
    'usage',
    firmware === undefined ? `the inventory names no firmware for ${name}` : `there is no firmware ${firmware}`,
    {
      kind: 'inventory',
      remedy: `name the ELF file of the test firmware as firmware of ${name}`,
    },
  );
}

export function programsOf({ kernel }: Pick<BoardBuild, 'kernel'>): Architecture {
  return kernel === undefined ? arm : boardKernel(kernel).programs;
}
