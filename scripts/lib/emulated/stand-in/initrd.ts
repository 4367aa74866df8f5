// SPDX-License-Identifier: MIT
import { chmod, copyFile, cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../host/cache/cached.ts';
import { pack } from '../emulator/image.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';
import type { KernelImage } from '../../host/kernel/shapes.ts';
import { depmod } from '../../host/kernel/modules.ts';
import type { Log } from '../../base/log/log.ts';

/** Path of the initrd that finds the disk: Debian's kernel has neither its driver nor its file system built in. */
export async function standInInitrd(kernel: KernelImage, userland: string, log: Log): Promise<string> {
  const inputs = ['1', kernel.modules, userland, sourceText('stand-in/initrd')];
  const build = async (dir: string): Promise<void> => {
    const root = join(dir, 'root');
    for (const name of ['bin', 'dev', 'proc', 'sys', 'disk', 'lib/modules']) {
      await mkdir(join(root, name), { recursive: true });
    }
    await copyFile(join(userland, 'bin/busybox'), join(root, 'bin/busybox'));
    await symlink('busybox', join(root, 'bin/sh'));
    await copyFile(source('stand-in/initrd'), join(root, 'init'));
    await chmod(join(root, 'init'), 0o755);
    await cp(kernel.modules, join(root, 'lib/modules', kernel.release), { recursive: true });
    await depmod(root, kernel.release);
    await pack(root, join(dir, 'initrd'));
    await rm(root, { recursive: true });
  };
  return join(await cached('stand-in-initrd', inputs, build, log), 'initrd');
}
