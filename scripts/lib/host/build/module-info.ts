// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import { findProvided } from '../programs/missing.ts';
import { localSha256 } from '../cache/file-sums.ts';

/** A built driver, with what decides whether a kernel will take it. */
export interface Driver {
  readonly path: string;
  /** `uname -r` of the kernel it was built for */
  readonly release: string;
  readonly vermagic: string;
  /** hash over the sources, also in /sys/module/rpmsg_sdb once loaded */
  readonly srcversion: string | undefined;
  readonly sha256: string;
}

export async function readDriver(path: string): Promise<Driver> {
  const vermagic = await vermagicOf(path);
  const release = vermagic.split(' ')[0] ?? '';
  if (release === '') throw new Failure('host', `${path} is not a kernel module`);
  const srcversion = await modinfo(path, 'srcversion');
  return {
    path,
    release,
    vermagic,
    srcversion: srcversion === '' ? undefined : srcversion,
    sha256: await localSha256(path),
  };
}

/** What a kernel compares first: release, and the options that change how its structures look. */
export function vermagicOf(path: string): Promise<string> {
  return modinfo(path, 'vermagic');
}

/** The checksums over the types behind the symbols that a module imports; none where its kernel has no such versions. */
export async function symbolVersions(path: string): Promise<Map<string, string>> {
  const command = findProvided('modprobe') ?? 'modprobe';
  const result = await execa(command, ['--dump-modversions', path], { reject: false });
  // A module without them is told by an exit code, too.
  const lines = result.failed ? [] : result.stdout.split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [crc, name] = line.split('\t');
      return crc === undefined || name === undefined ? [] : [[name, crc] as const];
    }),
  );
}

async function modinfo(path: string, field: string): Promise<string> {
  const command = findProvided('modinfo') ?? 'modinfo';
  const result = await execa(command, ['-F', field, path], { reject: false });
  if (result.failed)
    throw new Failure('host', `modinfo cannot read ${path}: ${result.stderr}`, { cause: result.cause });
  return result.stdout.trim();
}
