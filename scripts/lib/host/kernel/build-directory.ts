// SPDX-License-Identifier: MIT
/** Directories to build modules in, made of Debian's header packages without installing them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../cache/cached.ts';
import { cacheRoot } from '../cache/root.ts';
import { fetchPackages } from '../debian/fetch.ts';
import type { Stanza } from '../debian/stanza.ts';
import { unpackPackages } from '../debian/unpack.ts';
import type { Log } from '../../base/log/log.ts';
import type { KernelBuild } from './shapes.ts';
import { makeArguments } from './make-arguments.ts';
import { withKernelPackages } from './packages.ts';
import { bindToLibc } from './tools-libc.ts';
import { sanitizeBuild } from './detectors.ts';
import { boardKernel, type KernelVersion, sanitizeKernel } from '../../base/target/kernels.ts';

export function kernelBuild(version: KernelVersion, log: Log): Promise<KernelBuild> {
  if (version === sanitizeKernel) return sanitizeBuild(log);
  return withKernelPackages(version, log, async ({ release, build }) => {
    const { architecture } = boardKernel(version);
    const dir = await unpackedHeaders(release, build, log);
    return { version, architecture, release, dir, makeArguments: makeArguments(architecture) };
  });
}

/** What make -C takes, made of the header packages of one kernel, with their tools and the libc those need. */
export async function unpackedHeaders(release: string, packages: readonly Stanza[], log: Log): Promise<string> {
  // The tools have their place written into them: a cache that was moved needs new ones.
  const inputs = ['6', cacheRoot(), ...packages.map(({ sha256 }) => sha256)];
  const build = async (dir: string, final: string): Promise<void> => {
    const debs = await fetchPackages(`kernel ${release}: downloading headers`, packages, log);
    await log.step(`kernel ${release}: unpacking headers`, async (step) => {
      await unpackPackages(debs, dir, step);
      const headers = join(dir, 'usr/src', `linux-headers-${release}`);
      await makeRelative(headers);
      await forgetCompiler(headers);
      await bindToLibc(dir, final);
    });
  };
  return join(await cached('kernel-build', inputs, build, log), 'usr/src', `linux-headers-${release}`);
}

/** The package's top Makefile says where it would be installed. */
async function makeRelative(headers: string): Promise<void> {
  const makefile = join(headers, 'Makefile');
  const text = await readFile(makefile, 'utf8');
  const here = '$(dir $(realpath $(lastword $(MAKEFILE_LIST))))';
  await writeFile(
    makefile,
    text
      .replace(/^KBUILD_OUTPUT=.*$/m, `KBUILD_OUTPUT := ${here}`)
      .replace(/^include \/usr\/src\/(.*)$/m, `include ${here}../$1`),
  );
}

/** Newer kernels note which attributes their compiler knew; an older one warns about these in every header. */
async function forgetCompiler(headers: string): Promise<void> {
  for (const name of ['include/generated/autoconf.h', 'include/config/auto.conf']) {
    const text = await readFile(join(headers, name), 'utf8');
    await writeFile(join(headers, name), text.replace(/^.*CONFIG_CC_HAS_COUNTED_BY.*\n/gm, ''));
  }
}
