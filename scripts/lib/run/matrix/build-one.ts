// SPDX-License-Identifier: MIT
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilerVersion } from '../../host/programs/compiler.ts';
import { keptBuild, makeDriver } from '../../host/build/driver.ts';
import type { BuildJob } from '../../host/build/job.ts';
import { sourceInputs, sourceTrees } from '../../host/build/sources.ts';
import { cached } from '../../host/cache/cached.ts';
import { ownFindings } from '../checks/driver-warnings.ts';
import { Failure } from '../../base/failure/failure.ts';
import { configuredKernel } from './configured.ts';
import { type BuildDirectory, debianHeaders } from './debian-headers.ts';
import { type MatrixKernel, matrixName } from './kernels.ts';

export interface MatrixResult {
  readonly kernel: MatrixKernel;
  readonly name: string;
  /** uname -r of the kernel, for a configured one what it is */
  readonly release: string;
  /** the compiler, as it calls itself */
  readonly compiler: string;
  /** whether sparse could look: from 7.x on the kernel refuses one that does not know the C it is written in */
  readonly sparse: boolean;
  /** what was found; none when the module builds in silence */
  readonly findings: readonly string[];
  readonly log?: string;
}

/** All of gcc's warnings, and sparse with its checks of byte order and of locks. */
const strict = ['W=1', 'C=2', 'CF=-D__CHECK_ENDIAN__ -Wcontext'];

export async function buildOne(kernel: MatrixKernel, job: BuildJob): Promise<MatrixResult> {
  const name = matrixName(kernel);
  const build = kernel.kind === 'packaged' ? await debianHeaders(kernel, job.log) : await configuredKernel(kernel, job);
  const compiler = await compilerVersion(`${kernel.machine.crossCompile}gcc`);
  const known = { kernel, name, release: build.release, compiler };
  try {
    return { ...known, sparse: await silentModule(name, build, compiler, job), findings: [] };
  } catch (error) {
    if (!(error instanceof Failure) || error.failureClass !== 'test') throw error;
    const findings = error.message.split('\n').map((line) => line.trim());
    return { ...known, sparse: false, findings, ...(error.log === undefined ? {} : { log: error.log }) };
  }
}

/** Whether sparse looked too. Only a silent build is kept, so what was found is found again until it is mended. */
async function silentModule(name: string, build: BuildDirectory, compiler: string, job: BuildJob): Promise<boolean> {
  const sparse = await compilerVersion('sparse');
  const sources = await sourceInputs(job.root, sourceTrees.driver);
  const inputs = ['2', build.dir, compiler, sparse, ...build.makeArguments, ...strict, ...sources];
  const made = await cached('matrix', inputs, async (dir) => {
    const copy = join(dir, 'source');
    const logName = `matrix-${name.replaceAll(' ', '-')}`;
    const make = keptBuild(build.dir, build.makeArguments);
    const log = job.outputs.file(`${logName}.log`);
    const said = await makeDriver(copy, make, logName, job, strict).catch(async (error: unknown) => {
      const found = findings(await readFile(log, 'utf8'), copy);
      throw found.length > 0 ? new Failure('test', found.join('\n'), { log, cause: error }) : error;
    });
    const found = findings(said, copy);
    if (found.length > 0) throw new Failure('test', found.join('\n'), { log });
    const checked = said.match(/^ {2}CHECK /gm)?.length ?? 0;
    await rm(copy, { recursive: true });
    await writeFile(join(dir, 'checked'), `${checked}\n`);
  });
  return Number(await readFile(join(made, 'checked'), 'utf8')) > 0;
}

/** What compiler and sparse say of our files, and symbols that the kernel does not have. */
function findings(said: string, copy: string): string[] {
  const undefinedSymbols = said.matchAll(/^(?:ERROR|WARNING): modpost: "(\w+)".* undefined!$/gm);
  return [
    ...ownFindings(said, copy),
    ...[...undefinedSymbols].map(([, name]) => `the kernel has no symbol ${name ?? '?'}`),
  ];
}
