// SPDX-License-Identifier: MIT
/** The driver's sources as a Debian package that dkms builds for each kernel of the machine that installs it. */
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Release } from './version.ts';

const name = 'rpmsg-sdb-dkms';
const maintainer = 'The rpmsg_sdb project <maintainers@rpmsg-sdb.example>';
/** What dkms needs of the tree, and make install. */
const sources = ['COPYING', 'Kbuild', 'Makefile', 'dkms.conf', 'kernel', 'recipes-kernel/rpmsg-sdb-mod/files'];

const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: rpmsg_sdb
Source: https://rpmsg-sdb.example

Files: *
Copyright: The rpmsg_sdb project
License: GPL-2
 On Debian systems the text of the GNU General Public License, version 2, is in
 /usr/share/common-licenses/GPL-2. Each file says in its first lines which licence it
 has: a few may be used under the MIT licence, or with the Linux-syscall-note.
`;

/** Makes the package from a tree of the release. Its path. */
export async function dkmsPackage(tree: string, release: Release, scratch: string, into: string): Promise<string> {
  const { version } = release;
  const modules = join(scratch, 'usr/src', `rpmsg-sdb-${version}`);
  for (const source of sources) {
    await mkdir(dirname(join(modules, source)), { recursive: true });
    await cp(join(tree, source), join(modules, source), { recursive: true });
  }
  await execa('make', ['-C', tree, 'install', `DESTDIR=${scratch}`], { env: { MAKEFLAGS: '' } });
  const add = async (path: string, text: string) => {
    await mkdir(dirname(join(scratch, path)), { recursive: true });
    await writeFile(join(scratch, path), text);
  };
  await add(`usr/share/doc/${name}/copyright`, copyright);
  await add('DEBIAN/control', controlOf(version));
  // Debian's dkms has what a package of modules does when it is installed.
  await add(
    'DEBIAN/postinst',
    `#!/bin/sh\nset -e\n[ "$1" != configure ] || /usr/lib/dkms/common.postinst rpmsg-sdb ${version} '' '' "$2"\n`,
  );
  await add(
    'DEBIAN/prerm',
    `#!/bin/sh\nset -e\n[ -z "$(dkms status rpmsg-sdb/${version})" ] || dkms remove rpmsg-sdb/${version} --all\n`,
  );
  await settleModes(scratch);
  const path = join(into, `${name}_${version}_all.deb`);
  await execa('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', scratch, path], {
    env: { SOURCE_DATE_EPOCH: String(release.epoch) },
  });
  return path;
}

function controlOf(version: string): string {
  return `Package: ${name}
Version: ${version}
Architecture: all
Section: kernel
Priority: optional
Maintainer: ${maintainer}
Depends: dkms (>= 3.0)
Homepage: https://rpmsg-sdb.example
Description: large DDR buffers shared with an RPMsg coprocessor
 The kernel module rpmsg_sdb, as sources that dkms builds, its header
 <linux/rpmsg_sdb.h>, its udev rule, and a file that keeps ST's driver for
 the same channel from being loaded.
`;
}

/** As whoever builds has set his umask, so the files would be. */
async function settleModes(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isScript = entry.isFile() && (await readFile(path)).subarray(0, 2).toString() === '#!';
    await chmod(path, entry.isDirectory() || isScript ? 0o755 : 0o644);
  }
}
