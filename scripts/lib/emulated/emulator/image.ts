// SPDX-License-Identifier: MIT
/** The emulated board's root file system: an initramfs, so that each start finds it as it was made. */
import { chmod, copyFile, cp, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../../host/cache/cached.ts';
import type { KernelImage } from '../../host/kernel/shapes.ts';
import { depmod } from '../../host/kernel/modules.ts';
import type { Log } from '../../base/log/log.ts';
import type { BoardKeys } from './keys.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';

const etc = ['inittab', 'passwd', 'group'];

export interface ImageParts {
  readonly kernel: KernelImage;
  /** paths of modules that did not come with the kernel */
  readonly modules: readonly string[];
  readonly userland: string;
  readonly keys: BoardKeys;
}

/** Path of the initrd. */
export async function boardImage(parts: ImageParts, log: Log): Promise<string> {
  const { kernel, modules, userland, keys } = parts;
  const texts = ['init', ...etc.map((name) => `etc/${name}`)].map(sourceText);
  // The parts come out of the cache: their paths stand for their content.
  const inputs = ['3', kernel.modules, ...modules, userland, keys.authorized, keys.hostKey, ...texts];
  const build = (dir: string): Promise<void> =>
    log.step(`building the board's image for ${kernel.release}`, async () => {
      const root = join(dir, 'root');
      await fill(root, parts);
      await pack(root, join(dir, 'initrd'));
      await rm(root, { recursive: true });
    });
  return join(await cached('board-image', inputs, build, log), 'initrd');
}

async function fill(root: string, { kernel, modules, userland, keys }: ImageParts): Promise<void> {
  await cp(userland, root, { recursive: true, filter: (path) => !path.endsWith('.manifest.json') });
  for (const dir of ['dev', 'proc', 'sys', 'tmp', 'usr/bin', 'sbin', 'root/.ssh', 'etc/dropbear']) {
    await mkdir(join(root, dir), { recursive: true });
  }
  await symlink('busybox', join(root, 'bin/sh'));
  for (const name of etc) await copyFile(source(`etc/${name}`), join(root, 'etc', name));
  await program('init', join(root, 'init'));
  const folder = join(root, 'lib/modules', kernel.release);
  await cp(kernel.modules, folder, { recursive: true });
  await mkdir(join(folder, 'extra'));
  for (const path of modules) await copyFile(path, join(folder, 'extra', basename(path)));
  await depmod(root, kernel.release);
  await writeFile(join(root, 'root/.ssh/authorized_keys'), keys.authorized, { mode: 0o600 });
  await writeFile(join(root, 'etc/dropbear/host_key'), keys.hostKey, { mode: 0o600 });
  // dropbear refuses a key that others could have put there.
  for (const dir of ['root', 'root/.ssh']) await chmod(join(root, dir), 0o700);
  await chmod(root, 0o755);
}

async function program(name: string, to: string): Promise<void> {
  await copyFile(source(name), to);
  await chmod(to, 0o755);
}

/** Packs a directory as the kernel takes its first file system; everything in it belongs to root. */
export async function pack(root: string, initrd: string): Promise<void> {
  const names = (await readdir(root, { recursive: true })).sort();
  const { stdout } = await execa('cpio', ['--create', '--format=newc', '--owner=+0:+0', '--quiet', '--null'], {
    cwd: root,
    input: ['.', ...names].join('\0'),
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  });
  // It holds the host key.
  await writeFile(`${initrd}.part`, stdout, { mode: 0o600 });
  await rename(`${initrd}.part`, initrd);
}
