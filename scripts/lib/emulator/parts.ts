// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../failure/failure.ts';
import { kernelBuild } from '../kernel/build-directory.ts';
import { kernelImage } from '../kernel/image.ts';
import type { KernelVersion } from '../kernel/versions.ts';
import type { Log } from '../log/log.ts';
import { deviceTree } from './device-tree.ts';
import { boardImage } from './image.ts';
import { type BoardKeys, boardKeys } from './keys.ts';
import { mcuHwModule } from './mcu-hw.ts';
import { type Boot, qemuProgram } from './qemu-arguments.ts';
import { userland } from './userland.ts';

export interface BoardParts {
  readonly boot: Boot;
  readonly keys: BoardKeys;
  readonly qemuVersion: string;
}

/** Everything that a cold start needs, out of the cache or made now. */
export async function boardParts(version: KernelVersion, log: Log): Promise<BoardParts> {
  const qemuVersion = await versionOfQemu();
  const image = await kernelImage(version, log);
  const mcuHw = await mcuHwModule(await kernelBuild(version, log), log);
  const keys = await boardKeys();
  const initrd = await boardImage({ kernel: image, mcuHw, userland: await userland(log), keys }, log);
  return { boot: { kernel: image.image, initrd, deviceTree: await deviceTree(qemuVersion) }, keys, qemuVersion };
}

async function versionOfQemu(): Promise<string> {
  try {
    return (await execa(qemuProgram, ['--version'])).stdout;
  } catch (error) {
    throw new Failure('host', `${qemuProgram} does not run on this host`, {
      remedy: 'apt-get install qemu-system-arm',
      cause: error,
    });
  }
}
