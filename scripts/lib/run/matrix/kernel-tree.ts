// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../../host/cache/cached.ts';
import { withLinuxSource } from '../../host/kernel/linux-source.ts';
import type { Log } from '../../base/log/log.ts';

const top = 'linux-source-6.1';

/**
 * What `make modules_prepare` reads for arm and arm64: a tenth of the kernel's sources, and of its drivers only the
 * Kconfig files. A folder means all of it; tar's * matches slashes too.
 */
const wanted = [
  ...['*/Kconfig*', '*/Makefile', '*/Kbuild', 'Makefile', 'Kbuild', 'Kconfig'],
  ...[
    'include',
    'scripts',
    'tools/include',
    'tools/scripts',
    'kernel/bounds.c',
    'kernel/time/timeconst.bc',
    'lib/vdso',
  ],
  ...['include', 'kernel', 'tools', 'configs'].flatMap((folder) => [`arch/arm/${folder}`, `arch/arm64/${folder}`]),
  // scripts/checksyscalls.sh compares with this one
  ...['arch/x86/entry/syscalls/syscall_32.tbl', 'security/selinux/include'],
];

/** As much of Linux 6.1's sources as configuring a kernel and building a module takes. */
export function kernelTree(log: Log): Promise<string> {
  return withLinuxSource('6.1', log, (source) => {
    const build = async (dir: string): Promise<void> => {
      const deb = await source.fetch(log);
      await log.step(`unpacking what modules need of Linux ${source.version}`, () => unpack(deb, dir));
    };
    return cached('kernel-tree', ['1', source.sha256, ...wanted], build, log);
  });
}

async function unpack(deb: string, dir: string): Promise<void> {
  // 139 MB, more than execa would keep.
  const outer = execa('dpkg-deb', ['--fsys-tarfile', deb], { buffer: false });
  const inner = outer.pipe('tar', ['--extract', '--to-stdout', `./usr/src/${top}.tar.xz`], { buffer: false });
  const patterns = wanted.map((pattern) => join(top, pattern));
  await inner.pipe('tar', [
    '--extract',
    '--xz',
    '--directory',
    dir,
    '--strip-components=1',
    '--wildcards',
    ...patterns,
  ]);
}
