// SPDX-License-Identifier: MIT
import { kernelBuild } from '../../host/kernel/build-directory.ts';
import { kernelImage } from '../../host/kernel/image.ts';
import type { KernelImage } from '../../host/kernel/shapes.ts';
import { boardKernel, type KernelVersion } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { deviceTree } from './device-tree.ts';
import { boardImage } from './image.ts';
import { type BoardKeys, boardKeys } from './keys.ts';
import { machineOf } from './machine.ts';
import { ownModules } from './own-modules.ts';
import type { Boot } from './qemu-arguments.ts';
import { userland } from './userland.ts';

export interface BoardParts {
  readonly boot: Boot;
  readonly keys: BoardKeys;
}

/** Everything that a cold start needs, out of the cache or made now. */
export async function boardParts(version: KernelVersion, log: Log, hasCaches = false): Promise<BoardParts> {
  const { architecture } = boardKernel(version);
  // Downloads and compiles one file after the other, beside kernels that are unpacked and stripped.
  const [machine, [kernel, modules], programs, keys] = await Promise.all([
    machineOf(architecture, log, hasCaches),
    kernelParts(version, log),
    userland(architecture, log),
    boardKeys(),
  ]);
  const initrd = await boardImage({ kernel, modules, userland: programs, keys }, log);
  const boot = { machine, kernel: kernel.image, initrd, deviceTree: await deviceTree(machine, kernel) };
  return { boot, keys };
}

async function kernelParts(version: KernelVersion, log: Log): Promise<readonly [KernelImage, readonly string[]]> {
  const kernel = await kernelImage(version, log);
  return [kernel, await ownModules(await kernelBuild(version, log), log)];
}
