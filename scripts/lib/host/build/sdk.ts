// SPDX-License-Identifier: MIT
import { execa } from 'execa';
import { access } from 'node:fs/promises';
import { Failure } from '../../base/failure/failure.ts';
import type { DriverBuild } from './driver-build.ts';

/**
 * A Yocto SDK: its environment file is a shell script to be sourced. The kernel sources in it are a folder of the
 * target's sysroot, unless the file (or the caller) names another in KDIR.
 */
export async function sdkBuild(environmentFile: string, kdir: string | undefined): Promise<DriverBuild> {
  await access(environmentFile).catch((error: unknown) => {
    throw new Failure('usage', `there is no SDK environment file ${environmentFile}`, { cause: error });
  });
  const result = await execa('bash', ['-c', '. "$1" >/dev/null && env -0', 'bash', environmentFile], { reject: false });
  if (result.failed) throw new Failure('usage', `${environmentFile} cannot be sourced: ${result.stderr}`);
  const env = Object.fromEntries(
    result.stdout.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
    }),
  );
  const directory = kdir ?? env['KDIR'] ?? (await kernelSources(env['SDKTARGETSYSROOT']));
  const { ARCH: arch, CROSS_COMPILE: prefix } = env;
  if (arch === undefined || prefix === undefined) {
    throw new Failure('usage', `${environmentFile} sets no ARCH or CROSS_COMPILE: is it an SDK environment file?`);
  }
  // An SDK's LDFLAGS are gcc's, and the kernel's make would hand them to ld.
  return { kdir: directory, makeArguments: [`ARCH=${arch}`, `CROSS_COMPILE=${prefix}`], env: { ...env, LDFLAGS: '' } };
}

async function kernelSources(sysroot: string | undefined): Promise<string> {
  const directory = `${sysroot ?? ''}/usr/src/kernel`;
  await access(`${directory}/Makefile`).catch((error: unknown) => {
    throw new Failure('usage', `the SDK has no kernel sources in ${directory}`, {
      remedy: 'bitbake -c populate_sdk with kernel-devsrc in TOOLCHAIN_TARGET_TASK, or give --kdir DIR as well',
      cause: error,
    });
  });
  return directory;
}
