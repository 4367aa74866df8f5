// SPDX-License-Identifier: MIT
/** Kernels to boot, with the modules the emulated board may want, made of Debian's image packages. */
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../cache/cached.ts';
import { fetchPackages } from '../debian/fetch.ts';
import { unpackPackages } from '../debian/unpack.ts';
import type { Log } from '../../base/log/log.ts';
import { arm } from '../../base/target/architecture.ts';
import { boardModules, boardTree } from './board-modules.ts';
import type { KernelImage } from './shapes.ts';
import { copyModules } from './modules.ts';
import { withKernelPackages } from './packages.ts';
import { bootable } from './bootable.ts';
import { sanitizeImage } from './detectors.ts';
import { boardKernel, type KernelVersion, sanitizeKernel } from '../../base/target/kernels.ts';

export function kernelImage(
  version: KernelVersion,
  log: Log,
  modules: readonly string[] = boardModules,
): Promise<KernelImage> {
  if (version === sanitizeKernel) return sanitizeImage(log);
  const { architecture } = boardKernel(version);
  return withKernelPackages(version, log, async ({ release, image: packages }) => {
    const inputs = ['5', modules.join(), ...packages.map(({ sha256 }) => sha256)];
    const root = await cached(
      'kernel-image',
      inputs,
      async (dir) => {
        const debs = await fetchPackages(`kernel ${release}: downloading image`, packages, log);
        await log.step(`kernel ${release}: unpacking image`, async (step) => {
          const unpacked = join(dir, 'unpacked');
          await mkdir(unpacked);
          await unpackPackages(debs, unpacked, step);
          step.progress('decompressing the kernel');
          const vmlinuz = await readFile(await find(unpacked, release, [`boot/vmlinuz-${release}`, 'vmlinuz']));
          await writeFile(join(dir, 'kernel'), await bootable(architecture, vmlinuz, `Linux ${release}`));
          if (architecture === arm) await copyFile(await findTree(unpacked, release), join(dir, boardTree));
          step.progress('stripping modules');
          await copyModules(unpacked, dir, release, modules, architecture);
          await rm(unpacked, { recursive: true });
        });
      },
      log,
    );
    const image = { version, release, image: join(root, 'kernel'), modules: join(root, 'lib/modules', release) };
    return architecture === arm ? { ...image, deviceTree: join(root, boardTree) } : image;
  });
}

/** Debian moved the device trees, too. */
async function findTree(unpacked: string, release: string): Promise<string> {
  for (const folder of [`linux-image-${release}`, `modules/${release}/dtb`]) {
    const below = join(unpacked, 'usr/lib', folder);
    if ((await readdir(below).catch((): string[] => [])).includes(boardTree)) return join(below, boardTree);
  }
  throw new Error(`no ${boardTree} in the image packages of ${release}`);
}

/** Debian moved the kernel from /boot to beside its modules, and those from /lib to /usr/lib. */
async function find(unpacked: string, release: string, names: readonly string[]): Promise<string> {
  for (const below of ['', `usr/lib/modules/${release}`, `lib/modules/${release}`]) {
    const files: string[] = await readdir(join(unpacked, below)).catch(() => []);
    for (const name of names) {
      const [first = '', rest = ''] = name.split('/');
      if (files.includes(first)) return join(unpacked, below, first, rest);
    }
  }
  throw new Error(`no kernel in the image packages of ${release}`);
}
