// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import { kernelBuild } from '../../host/kernel/build-directory.ts';
import { kernelImage } from '../../host/kernel/image.ts';
import { leftOutModules } from '../../host/kernel/left-out-modules.ts';
import { outOfTreeModules } from '../../host/kernel/out-of-tree.ts';
import { boardKernel, type KernelVersion } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { deviceTree } from './device-tree.ts';
import { boardImage } from './image.ts';
import { type BoardKeys, boardKeys } from './keys.ts';
import { type Machine, machineOf } from './machine.ts';
import { mcuHw } from './mcu-hw.ts';
import type { Boot } from './qemu-arguments.ts';
import { userland } from './userland.ts';

export interface BoardParts {
  readonly boot: Boot;
  readonly keys: BoardKeys;
  readonly qemuVersion: string;
}

/** Everything that a cold start needs, out of the cache or made now. */
export async function boardParts(version: KernelVersion, log: Log): Promise<BoardParts> {
  const { architecture } = boardKernel(version);
  const machine = machineOf(architecture);
  const qemuVersion = await versionOfQemu(machine);
  const kernel = await kernelImage(version, log);
  const build = await kernelBuild(version, log);
  const modules = [...(await outOfTreeModules(build, mcuHw(), log)), ...(await leftOutModules(build, log))];
  const keys = await boardKeys();
  const initrd = await boardImage({ kernel, modules, userland: await userland(architecture, log), keys }, log);
  const boot = { machine, kernel: kernel.image, initrd, deviceTree: await deviceTree(machine, qemuVersion) };
  return { boot, keys, qemuVersion };
}

export async function versionOfQemu({ program }: Machine): Promise<string> {
  try {
    return (await execa(program, ['--version'])).stdout;
  } catch (error) {
    throw new Failure('host', `${program} does not run on this host`, {
      remedy: 'apt-get install qemu-system-arm',
      cause: error,
    });
  }
}
