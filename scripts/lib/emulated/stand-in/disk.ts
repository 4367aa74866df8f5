// SPDX-License-Identifier: MIT
/** The stand-in's disk: Debian's own programs with OpenSSH, made of packages without root and without running any of them. */
import { chmod, copyFile, cp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import type { Architecture } from '../../base/target/architecture.ts';
import { cached } from '../../host/cache/cached.ts';
import { fetchPackages } from '../../host/debian/fetch.ts';
import type { Stanza } from '../../host/debian/stanza.ts';
import { unpackPackages } from '../../host/debian/unpack.ts';
import { withPackages } from '../../host/debian/with-packages.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';
import type { KernelImage } from '../../host/kernel/shapes.ts';
import { depmod } from '../../host/kernel/modules.ts';
import type { Log } from '../../base/log/log.ts';
import { makeKeyPair } from '../../board/ssh/key-pair.ts';
import { standInPackages } from './packages.ts';

export interface DiskParts {
  readonly kernel: KernelImage;
  /** paths of modules that did not come with the kernel: the coprocessor's hardware */
  readonly modules: readonly string[];
  readonly architecture: Architecture;
  /** a line for authorized_keys */
  readonly authorized: string;
}

export interface Disk {
  /** an ext4 file system */
  readonly image: string;
  /** file with the fingerprint of the host key that is on it */
  readonly fingerprint: string;
}

const files = ['inittab', 'passwd', 'group', 'sshd_config', 'start'];
const directories = [
  'dev',
  'proc',
  'sys',
  'run',
  'tmp',
  'root/.ssh',
  'etc/board',
  'etc/ssh',
  'etc/udev/rules.d',
  'var/log',
  'var/lib',
  'lib/firmware',
];
/** Room for what tests and people put there. */
const imageBytes = 192 << 20;

export function standInDisk(parts: DiskParts, log: Log): Promise<Disk> {
  return withPackages(standInPackages(parts.architecture), log, (packages) => disk(packages, parts, log));
}

async function disk(packages: readonly Stanza[], parts: DiskParts, log: Log): Promise<Disk> {
  const texts = [...files.map((name) => sourceText(`stand-in/${name}`)), sourceText(udevRule)];
  const hashes = packages.map(({ sha256 }) => sha256);
  // The parts come out of the cache: their paths stand for their content.
  const inputs = ['2', ...hashes, parts.kernel.modules, ...parts.modules, parts.authorized, ...texts];
  const build = async (dir: string): Promise<void> => {
    const debs = await fetchPackages('stand-in: downloading', packages, log);
    await log.step('stand-in: making its disk', async (step) => {
      const root = join(dir, 'root');
      await mkdir(root);
      await unpackPackages(debs, root, step);
      await fill(root, parts, join(dir, 'host-key.fingerprint'));
      await format(root, join(dir, 'disk'));
      await rm(root, { recursive: true });
    });
  };
  const made = await cached('stand-in', inputs, build, log);
  return { image: join(made, 'disk'), fingerprint: join(made, 'host-key.fingerprint') };
}

const udevRule = '../../recipes-kernel/rpmsg-sdb-mod/files/60-rpmsg-sdb.rules';

async function fill(
  root: string,
  { kernel, modules: own, authorized }: DiskParts,
  fingerprintFile: string,
): Promise<void> {
  // What nobody reads on a board.
  for (const name of ['doc', 'man', 'locale', 'info']) {
    await rm(join(root, 'usr/share', name), { recursive: true, force: true });
  }
  for (const name of directories) await mkdir(join(root, name), { recursive: true });
  // What the packages' own scripts would have done.
  if (!existsSync(join(root, 'bin/sh'))) await symlink('dash', join(root, 'bin/sh'));
  for (const name of files) {
    const folder = { sshd_config: 'etc/ssh', start: 'etc/board' }[name] ?? 'etc';
    await copyFile(source(`stand-in/${name}`), join(root, folder, name));
  }
  await chmod(join(root, 'etc/board/start'), 0o755);
  await copyFile(source(udevRule), join(root, 'etc/udev/rules.d/60-rpmsg-sdb.rules'));
  const modules = join(root, 'lib/modules', kernel.release);
  await cp(kernel.modules, modules, { recursive: true });
  await mkdir(join(modules, 'extra'));
  for (const path of own) await copyFile(path, join(modules, 'extra', basename(path)));
  await depmod(root, kernel.release);
  const { fingerprint } = await makeKeyPair(join(root, 'etc/ssh/ssh_host_ed25519_key'), 'stand-in');
  await writeFile(fingerprintFile, fingerprint);
  await writeFile(join(root, 'root/.ssh/authorized_keys'), authorized, { mode: 0o600 });
  for (const name of ['root', 'root/.ssh']) await chmod(join(root, name), 0o700);
  await chmod(root, 0o755);
}

async function format(root: string, image: string): Promise<void> {
  await writeFile(image, '', { mode: 0o600 });
  await truncate(image, imageBytes);
  const make = ['mke2fs', '-q', '-t', 'ext4', '-F', '-d', root, image];
  // Seen from a user namespace in which we are root, our files are root's, as sshd wants them.
  const own = process.getuid?.() === 0 ? [] : ['unshare', '--map-root-user'];
  const [program = '', ...words] = [...own, ...make];
  await execa(program, words, { env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` } });
}
