// SPDX-License-Identifier: MIT
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Architecture, arm } from '../../base/target/architecture.ts';
import { coreOf, type FirmwarePlatform } from '../../base/target/firmware-platforms.ts';
import { cached } from '../cache/cached.ts';
import { buildEnvironment } from '../../base/process/build-environment.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import { compilerVersion } from '../programs/compiler.ts';
import type { BuildJob } from './job.ts';
import { placeFile } from './place-file.ts';
import { copySources, sourceInputs, sourceTrees } from './sources.ts';

interface Program {
  readonly title: string;
  readonly architecture: Architecture;
  readonly tree: readonly string[];
  /** folder with its Makefile */
  readonly folder: string;
  /** what make makes, and what it is called in out/build */
  readonly product: string;
  readonly makeArguments?: readonly string[];
}

/** The coprocessor's test firmware, as the board's remoteproc loads it. */
export function buildFirmware(platform: FirmwarePlatform, job: BuildJob): Promise<string> {
  const title = `firmware (${platform})`;
  const what = { title, tree: sourceTrees.firmware, folder: 'firmware', product: 'rpmsg-sdb-test.elf' };
  return buildProgram({ ...what, architecture: coreOf(platform), makeArguments: [`PLATFORM=${platform}`] }, job);
}

/** The agent that performs the tests' system calls on the board. */
export function buildAgent(job: BuildJob, architecture = arm): Promise<string> {
  const folder = 'test/target';
  return buildProgram({ title: 'agent', architecture, tree: sourceTrees.agent, folder, product: 'agent' }, job);
}

/** The tool for people on the board. */
export function buildSdbctl(job: BuildJob, architecture = arm): Promise<string> {
  const folder = 'tools/sdbctl';
  return buildProgram({ title: 'sdbctl', architecture, tree: sourceTrees.sdbctl, folder, product: 'sdbctl' }, job);
}

async function buildProgram(program: Program, job: BuildJob): Promise<string> {
  const { makeArguments = [] } = program;
  const { crossCompile, debian } = program.architecture;
  return job.log.step(program.title, async (step) => {
    const compiler = await compilerVersion(`${crossCompile}gcc`);
    const sources = await sourceInputs(job.root, program.tree);
    const made = await cached(
      program.product,
      ['1', compiler, ...makeArguments, ...sources],
      async (dir) => {
        const copy = join(dir, 'source');
        await copySources(job.root, program.tree, copy);
        await runLogged({
          command: 'make',
          arguments: [
            '--no-print-directory',
            '-C',
            join(copy, program.folder),
            ...makeArguments,
            `OUT=${join(dir, 'made')}`,
            `CROSS_COMPILE=${crossCompile}`,
          ],
          log: job.outputs.file(`${program.product}.log`),
          env: buildEnvironment(),
          signal: job.signal,
          failure: { class: 'test', message: `the ${program.title} does not build` },
        });
        await copyFile(join(dir, 'made', program.product), join(dir, program.product));
        await rm(copy, { recursive: true });
        await rm(join(dir, 'made'), { recursive: true });
      },
      step,
    );
    // 32-bit ARM's, by far the most wanted, have no folder of their own.
    const directory = join(job.root, 'out', 'build', debian === arm.debian ? '' : debian);
    await mkdir(directory, { recursive: true });
    const path = join(directory, program.product);
    await placeFile(join(made, program.product), path);
    return path;
  });
}
