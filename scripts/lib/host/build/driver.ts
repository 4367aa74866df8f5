// SPDX-License-Identifier: MIT
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cached } from '../cache/cached.ts';
import { kernelBuild } from '../kernel/build-directory.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import { buildEnvironment } from '../../base/process/build-environment.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import { compilerVersion } from '../programs/compiler.ts';
import type { BuildJob } from './job.ts';
import { argument, type DriverBuild } from './driver-build.ts';
import { readDriver, type Driver } from './module-info.ts';
import { placeFile } from './place-file.ts';
import { copySources, sourceInputs, sourceTrees } from './sources.ts';

/** The driver for one of Debian's kernels, from the cache when nothing has changed; a copy lands in out/build/<kernel>/. */
export async function buildDriver(kernel: KernelVersion, job: BuildJob): Promise<Driver> {
  return job.log.step(`driver for ${kernel}`, async (step) => {
    const build = await kernelBuild(kernel, step);
    const compiler = await compilerVersion(compilerOf(build));
    const sources = await sourceInputs(job.root, sourceTrees.driver);
    const makeArguments = [...build.makeArguments, ...(build.driverArguments ?? [])];
    const inputs = ['5', build.dir, build.release, compiler, ...makeArguments, ...sources];
    const made = await cached(
      'driver',
      inputs,
      async (dir) => {
        const copy = join(dir, 'source');
        await makeDriver(copy, keptBuild(build.dir, makeArguments), `driver-${kernel}`, job);
        await stripDriver(copy, `${build.architecture.crossCompile}strip`, job);
        for (const name of products) await copyFile(join(copy, name), join(dir, name));
        await copyNotes(join(copy, 'kernel'), join(dir, notes));
        await rm(copy, { recursive: true });
      },
      step,
    );
    const directory = join(job.root, 'out', 'build', kernel);
    await copyNotes(join(made, notes), join(directory, notes));
    return place(made, directory);
  });
}

/** Where buildDriver leaves what gcov needs beside the counters: the .gcno files of a kernel that counts. */
export function coverageNotes(root: string, kernel: KernelVersion): string {
  return join(root, 'out', 'build', kernel, notes);
}

/** A build whose product or silence is kept: the caller's environment has no part in it. */
export function keptBuild(kdir: string, makeArguments: readonly string[]): DriverBuild {
  return { kdir, makeArguments, env: buildEnvironment() };
}

/** Copies the sources to `copy` and makes the module there. Extra arguments are make's (W=1, C=2). */
export async function makeDriver(
  copy: string,
  build: DriverBuild,
  logName: string,
  job: BuildJob,
  extra: readonly string[] = [],
): Promise<string> {
  await copySources(job.root, sourceTrees.driver, copy);
  return runLogged({
    command: 'make',
    arguments: [
      '--no-print-directory',
      '-C',
      copy,
      `-j${availableParallelism()}`,
      `KDIR=${build.kdir}`,
      ...build.makeArguments,
      ...extra,
    ],
    log: job.outputs.file(`${logName}.log`),
    signal: job.signal,
    ...(build.env === undefined ? {} : { env: build.env }),
    failure: { class: 'test', message: 'the driver does not build' },
  });
}

/** The compiler of one of Debian's kernels. Their arguments name it. */
function compilerOf(build: Pick<DriverBuild, 'makeArguments'>): string {
  return argument(build, 'CC') ?? `${argument(build, 'CROSS_COMPILE') ?? ''}gcc`;
}

/** The module as it is loaded, and beside it the one with debug information: thirty times the size, and for gdb only. */
export const module = 'rpmsg_sdb.ko';
const products = [module, `${module}.debug`] as const;

/** strip: the program, as it is called beside the compiler */
export async function stripDriver(
  directory: string,
  strip: string,
  job: BuildJob,
  env?: DriverBuild['env'],
): Promise<void> {
  await copyFile(join(directory, module), join(directory, `${module}.debug`));
  await runLogged({
    command: strip,
    arguments: ['--strip-debug', join(directory, module)],
    ...(env === undefined ? {} : { env }),
    log: job.outputs.file('strip.log'),
    signal: job.signal,
    failure: { class: 'host', message: 'cannot strip the driver' },
  });
}

const notes = 'coverage-notes';

/**
 * The sources are copied too, because those in the tree may have changed when the notes are read. A kernel without
 * coverage has no notes.
 */
async function copyNotes(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const found = await readdir(from).catch((): string[] => []);
  if (!found.some((name) => name.endsWith('.gcno'))) return;
  const names = found.filter((name) => /\.(gcno|c)$/.test(name));
  await mkdir(to, { recursive: true });
  for (const name of names) await copyFile(join(from, name), join(to, name));
}

export async function place(from: string, directory: string): Promise<Driver> {
  await mkdir(directory, { recursive: true });
  for (const name of products) await placeFile(join(from, name), join(directory, name));
  return readDriver(join(directory, module));
}
