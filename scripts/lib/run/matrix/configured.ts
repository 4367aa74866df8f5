// SPDX-License-Identifier: MIT
import { copyFile, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compilerVersion } from '../../host/programs/compiler.ts';
import type { BuildJob } from '../../host/build/job.ts';
import { cached } from '../../host/cache/cached.ts';
import { Failure } from '../../base/failure/failure.ts';
import { buildEnvironment } from '../../base/process/build-environment.ts';
import { runLogged } from '../../base/process/run-logged.ts';
import { makeArguments } from '../../host/kernel/make-arguments.ts';
import { type BuildDirectory, debianHeaders } from './debian-headers.ts';
import { kernelTree } from './kernel-tree.ts';
import { type ConfiguredKernel, matrixKernels, type PackagedKernel } from './kernels.ts';

/**
 * A directory to build modules in for a configuration of our own, made without compiling the kernel. The symbols that a
 * module may use are therefore not this kernel's, but those that Debian's of the same version exports.
 */
export async function configuredKernel(kernel: ConfiguredKernel, job: BuildJob): Promise<BuildDirectory> {
  const debian = await debianHeaders(debianOf(kernel), job.log);
  const tree = await kernelTree(job.log);
  const words = makeArguments(kernel.machine);
  const config = await readFile(join(debian.dir, '.config'), 'utf8');
  const compiler = await compilerVersion(`${kernel.machine.crossCompile}gcc`);
  const inputs = ['1', tree, debian.dir, config, compiler, ...words, ...kernel.enable, '-', ...kernel.disable];
  const dir = await cached(
    'kernel-configured',
    inputs,
    async (fresh) => {
      await copyFile(join(debian.dir, '.config'), join(fresh, '.config'));
      const run = (command: string, args: readonly string[]): Promise<string> =>
        runLogged({
          command,
          arguments: args,
          log: job.outputs.file(`configure-${kernel.name}.log`),
          env: buildEnvironment(),
          signal: job.signal,
          failure: { class: 'host', message: `Linux ${kernel.version} cannot be configured as ${kernel.name}` },
        });
      const make = (...targets: string[]): Promise<string> =>
        run('make', ['-C', tree, `O=${fresh}`, `-j${availableParallelism()}`, ...words, ...targets]);
      await run(join(tree, 'scripts/config'), ['--file', join(fresh, '.config'), ...changes(kernel)]);
      await job.log.step(
        `configuring Linux ${kernel.version} for ${kernel.machine.kernel}: ${kernel.about}`,
        async () => {
          await make('olddefconfig');
          await expectSettings(kernel, join(fresh, '.config'));
          await make('modules_prepare');
        },
      );
      await copyFile(join(debian.dir, 'Module.symvers'), join(fresh, 'Module.symvers'));
    },
    job.log,
  );
  const release = `${kernel.version} ${kernel.name}`;
  if (kernel.fromSources) return { release, dir: tree, makeArguments: [...words, `O=${dir}`] };
  return { release, dir, makeArguments: words };
}

function debianOf({ version, machine }: ConfiguredKernel): PackagedKernel {
  const found = matrixKernels.find(
    (one): one is PackagedKernel => one.kind === 'packaged' && one.version === version && one.machine === machine,
  );
  if (found) return found;
  throw new Error(`no kernel of Debian's in the list is ${version} for ${machine.kernel}`);
}

function changes({ enable, disable }: ConfiguredKernel): string[] {
  // Debian signs its modules with keys that only its builders have. Its configuration also asks for tools that are not
  // needed here.
  const off = ['MODULE_SIG', 'SYSTEM_TRUSTED_KEYRING', 'DEBUG_INFO_BTF', 'GCC_PLUGINS', ...disable];
  return [...off.flatMap((name) => ['--disable', name]), ...enable.flatMap((name) => ['--enable', name])];
}

/** olddefconfig silently turns a setting on again if another one selects it. */
async function expectSettings({ name, enable, disable }: ConfiguredKernel, path: string): Promise<void> {
  const config = await readFile(path, 'utf8');
  const isOn = (setting: string): boolean => new RegExp(`^CONFIG_${setting}=[ym]$`, 'm').test(config);
  const lost = [
    ...enable.filter((setting) => !isOn(setting)),
    ...disable.filter((setting) => isOn(setting)).map((setting) => `!${setting}`),
    ...['REMOTEPROC', 'RPMSG', 'MODULES'].filter((setting) => !isOn(setting)),
  ];
  if (lost.length > 0) throw new Failure('test', `the configuration ${name} does not take ${lost.join(', ')}`);
}
