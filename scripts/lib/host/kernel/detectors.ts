// SPDX-License-Identifier: MIT
/** The kernel with detectors, in the shapes that Debian's kernels have: a directory to build modules in, and an image. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arm } from '../../base/target/architecture.ts';
import { compilerVersion } from '../programs/compiler.ts';
import { cached } from '../cache/cached.ts';
import { sourceText } from '../../base/target/emulator-sources.ts';
import { boardModules, boardTree } from './board-modules.ts';
import type { KernelBuild, KernelImage } from './shapes.ts';
import { withLinuxSource } from './linux-source.ts';
import { sanitizeKernel } from '../../base/target/kernels.ts';
import type { Log } from '../../base/log/log.ts';
import { compileKernel } from './detectors-compile.ts';
import { detectorsMakeArguments } from './make-arguments.ts';
import { settingsOf } from './settings.ts';

interface Made {
  /** uname -r */
  readonly release: string;
  readonly dir: string;
}

export async function sanitizeBuild(log: Log): Promise<KernelBuild> {
  const { release, dir } = await kernel(log);
  return {
    version: sanitizeKernel,
    architecture: arm,
    release,
    dir: join(dir, 'build'),
    makeArguments: detectorsMakeArguments,
    // Coverage and undefined behaviour are asked for a module at a time; -g, so that addresses have line numbers.
    driverArguments: ['GCOV_PROFILE=y', 'UBSAN_SANITIZE=y', 'KCFLAGS=-g'],
  };
}

export async function sanitizeImage(log: Log): Promise<KernelImage> {
  const { release, dir } = await kernel(log);
  const modules = join(dir, 'lib/modules', release);
  return { version: sanitizeKernel, release, image: join(dir, 'kernel'), modules, deviceTree: join(dir, boardTree) };
}

function kernel(log: Log): Promise<Made> {
  const settings = settingsOf(sourceText('sanitize.config'));
  const patch = sourceText('sanitize.diff');
  return withLinuxSource('6.1', log, async (source) => {
    const compiler = await compilerVersion(`${arm.crossCompile}gcc`);
    const inputs = ['2', source.sha256, compiler, ...settings, patch, boardModules.join()];
    const build = async (dir: string): Promise<void> => {
      const deb = await source.fetch(log);
      const title = `sanitizer kernel: building Linux ${source.version} (once; a quarter of an hour on two cores)`;
      await log.step(title, (step) =>
        compileKernel(dir, { settings, patch, unpack: (to) => source.unpack(deb, to) }, step),
      );
    };
    const dir = await cached('kernel-sanitize', inputs, build, log);
    return { dir, release: (await readFile(join(dir, 'release'), 'utf8')).trim() };
  });
}
