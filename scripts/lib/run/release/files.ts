// SPDX-License-Identifier: MIT
/**
 * The files of a release. They are made of what the commit has and of nothing else: no clock, no name of this host, no
 * umask, no order of a directory. So whoever has the commit can make them again, to the bit, with the same git and dpkg.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { localSha256 } from '../../host/cache/file-sums.ts';
import { dkmsPackage } from './dkms-package.ts';
import { softwareBill } from './software-bill.ts';
import type { Release } from './version.ts';
import { temporaryDirectory } from '../../base/process/temporary.ts';

/** Makes all of them in a folder that is emptied before. Their paths. */
export async function makeRelease(root: string, release: Release, into: string): Promise<string[]> {
  const { version, commit } = release;
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  const name = `rpmsg-sdb-${version}`;
  const tarball = join(into, `${name}.tar.gz`);
  await execa(
    'git',
    ['-c', 'tar.umask=0022', 'archive', '--format=tar.gz', `--prefix=${name}/`, '-o', tarball, commit],
    {
      cwd: root,
    },
  );
  const scratch = temporaryDirectory('release');
  try {
    await execa('tar', ['-xzf', tarball, '-C', scratch]);
    const tree = join(scratch, name);
    const files = [
      tarball,
      await dkmsPackage(tree, release, join(scratch, 'dkms'), into),
      await softwareBill(tree, release, tarball, join(into, `${name}.spdx.json`)),
    ];
    const sums = await Promise.all(files.map(async (file) => `${await localSha256(file)}  ${basename(file)}\n`));
    const sumFile = join(into, 'SHA256SUMS');
    await writeFile(sumFile, sums.join(''));
    return [...files, sumFile];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
