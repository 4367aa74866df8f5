// SPDX-License-Identifier: MIT
import { relative } from 'node:path';
import { Option } from 'commander';
import { arm } from './lib/base/target/architecture.ts';
import { firmwarePlatforms, type FirmwarePlatform, platformBeside } from './lib/base/target/firmware-platforms.ts';
import { buildAgent, buildFirmware, buildSdbctl } from './lib/host/build/board-programs.ts';
import { buildDriver } from './lib/host/build/driver.ts';
import { buildDriverFor } from './lib/host/build/driver-for-directory.ts';
import { directoryBuild, kernelRelease } from './lib/host/build/kernel-directory.ts';
import { sdkBuild } from './lib/host/build/sdk.ts';
import { runVerb } from './lib/base/cli/run-verb.ts';
import type { CommonOptions, Context } from './lib/base/cli/context.ts';
import { Failure } from './lib/base/failure/failure.ts';
import { buildPackages, kernelPackages } from './lib/host/programs/packages.ts';
import { preparePackages } from './lib/host/programs/prepare.ts';
import { boardKernel } from './lib/base/target/kernels.ts';
import { matrixRun } from './lib/run/matrix/run.ts';
import type { Driver } from './lib/host/build/module-info.ts';

interface BuildOptions extends CommonOptions {
  readonly kdir?: string;
  readonly sdk?: string;
  readonly matrix?: boolean;
  readonly firmware?: FirmwarePlatform;
}

await runVerb('build', 'Cross-builds driver, firmware, agent and sdbctl into out/build/.', (program, act) => {
  program
    .option('--kdir <dir>', "build the driver for this kernel build directory (a real board's)")
    .option('--sdk <file>', 'take compiler and kernel sources from a Yocto SDK environment file')
    .option(
      '--matrix',
      'build the driver for every kernel that it is meant for, with warnings as errors; --kernel chooses among them',
    );
  program.addOption(
    new Option('--firmware <platform>', "build only the coprocessor's firmware, for this platform").choices(
      firmwarePlatforms,
    ),
  );
  act<BuildOptions>(program, 'work', async (context) => {
    const { options, log, root } = context;
    if (options.matrix) return matrixRun(context);
    if (options.firmware !== undefined) return onlyFirmware(context, options.firmware);
    if (options.kernel && (options.kdir ?? options.sdk) !== undefined) {
      throw new Failure('usage', "--kernel is one of Debian's kernels; --kdir and --sdk say another: give one of them");
    }
    const kernels = options.kernel ?? ((options.kdir ?? options.sdk) ? [] : (['6.1'] as const));
    if (options.dryRun) {
      const names = [...kernels, options.kdir, options.sdk].filter((name) => name !== undefined);
      return log.result(`would build the driver for ${names.join(', ')}, the firmware, the agent and sdbctl`, {
        kernels: names,
      });
    }
    await preparePackages([...buildPackages, ...kernelPackages(...kernels)], context);
    const drivers: Driver[] = [];
    for (const kernel of kernels) drivers.push(await buildDriver(kernel, context));
    if (kernels.length === 0) drivers.push(await buildForBoard(context));
    const boards = kernels.map(boardKernel);
    const coprocessors = new Set(kernels.length === 0 ? [arm] : boards.map(({ architecture }) => architecture));
    const userSpaces = new Set(kernels.length === 0 ? [arm] : boards.map(({ programs }) => programs));
    const programs: string[] = [];
    for (const one of coprocessors) programs.push(await buildFirmware(platformBeside(one), context));
    for (const one of userSpaces) programs.push(await buildAgent(context, one), await buildSdbctl(context, one));
    const lines = drivers.map((driver) => `${relative(root, driver.path)}  for ${driver.vermagic}`);
    log.result([...lines, ...programs.map((path) => relative(root, path))].join('\n'), { drivers, programs });
  });
});

async function onlyFirmware(context: Context<BuildOptions>, platform: FirmwarePlatform): Promise<void> {
  const { options, log, root } = context;
  if (options.dryRun) return log.result(`would build the firmware for ${platform}`, { platform });
  await preparePackages(buildPackages, context);
  const firmware = await buildFirmware(platform, context);
  log.result(relative(root, firmware), { firmware });
}

async function buildForBoard(context: Context<BuildOptions>): Promise<Driver> {
  const { kdir, sdk } = context.options;
  const build = sdk === undefined ? directoryBuild(kdir ?? '') : await sdkBuild(sdk, kdir);
  return buildDriverFor(build, await kernelRelease(build.kdir), context);
}
