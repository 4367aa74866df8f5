// SPDX-License-Identifier: MIT
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../cache/cached.ts';
import { buildEnvironment } from '../../base/process/build-environment.ts';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import type { KernelBuild } from './shapes.ts';

export interface ModuleSources {
  /** for people: "building <title> for <release>" */
  readonly title: string;
  /** names without .ko */
  readonly modules: readonly string[];
  /** content by file name, Kbuild included */
  readonly files: Readonly<Record<string, string>>;
}

/** Paths of the modules, without debug information. */
export async function outOfTreeModules(kernel: KernelBuild, sources: ModuleSources, log: Log): Promise<string[]> {
  const { title, modules, files } = sources;
  const inputs = ['1', kernel.dir, ...kernel.makeArguments, ...modules, ...Object.entries(files).flat()];
  const build = (dir: string): Promise<void> =>
    log.step(`building ${title} for ${kernel.release}`, async () => {
      const work = join(dir, 'work');
      await mkdir(work);
      for (const [name, text] of Object.entries(files)) await writeFile(join(work, name), text);
      const make = ['-C', kernel.dir, `M=${work}`, ...kernel.makeArguments, 'modules'];
      const { failed, all } = await execa('make', make, {
        all: true,
        reject: false,
        env: buildEnvironment(),
        extendEnv: false,
      });
      if (failed) throw new Failure('test', `${title} does not build for ${kernel.release}:\n${all}`);
      for (const name of modules.map((one) => `${one}.ko`)) {
        await execa(`${kernel.architecture.crossCompile}strip`, ['--strip-debug', join(work, name)]);
        await rename(join(work, name), join(dir, name));
      }
      await rm(work, { recursive: true });
    });
  const made = await cached('modules', inputs, build, log);
  return modules.map((name) => join(made, `${name}.ko`));
}
