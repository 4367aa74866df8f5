// SPDX-License-Identifier: MIT
/**
 * The driver with a few of its lines changed. All changes are made in one tree, so that only the files that depend on
 * them are built again.
 */
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLogged } from '../../base/process/run-logged.ts';
import type { KernelVersion } from '../../base/target/kernels.ts';
import { cached } from '../cache/cached.ts';
import { kernelBuild } from '../kernel/build-directory.ts';
import { keptBuild, makeDriver, module, stripDriver } from './driver.ts';
import type { BuildJob } from './job.ts';
import { readDriver, type Driver } from './module-info.ts';
import { sourceInputs, sourceTrees } from './sources.ts';
import { temporaryDirectory } from '../../base/process/temporary.ts';

/** Whole files, by their path in the checkout, that take the place of the driver's own. */
export type ChangedFiles = ReadonlyMap<string, string>;

export class ChangedDriver {
  readonly #kernel: KernelVersion;
  readonly #job: BuildJob;
  /** made when the first driver is not in the cache */
  #tree: Promise<string> | undefined;

  constructor(kernel: KernelVersion, job: BuildJob) {
    this.#kernel = kernel;
    this.#job = job;
  }

  async build(files: ChangedFiles): Promise<Driver> {
    const build = await kernelBuild(this.#kernel, this.#job.log);
    const sources = await sourceInputs(this.#job.root, sourceTrees.driver);
    const changes = [...files].flat();
    const inputs = ['1', build.dir, build.release, ...build.makeArguments, ...sources, ...changes];
    const dir = await cached('changed-driver', inputs, async (fresh) => {
      this.#tree ??= this.#makeTree();
      const tree = await this.#tree;
      await put(tree, files);
      try {
        await this.#make(tree);
        // The file is copied before it is stripped, because make needs its own.
        await copyFile(join(tree, module), join(fresh, module));
        await stripDriver(fresh, `${build.architecture.crossCompile}strip`, this.#job);
        await rm(join(fresh, `${module}.debug`));
      } finally {
        await put(tree, await originals(this.#job.root, files));
      }
    });
    return readDriver(join(dir, module));
  }

  async close(): Promise<void> {
    const tree = await this.#tree?.catch(() => undefined);
    if (tree !== undefined) await rm(tree, { recursive: true, force: true });
  }

  async #makeTree(): Promise<string> {
    const tree = temporaryDirectory('changed');
    await makeDriver(tree, await this.#build(), 'changed-driver', this.#job);
    return tree;
  }

  async #build(): Promise<ReturnType<typeof keptBuild>> {
    const build = await kernelBuild(this.#kernel, this.#job.log);
    return keptBuild(build.dir, [...build.makeArguments, ...(build.driverArguments ?? [])]);
  }

  async #make(tree: string): Promise<void> {
    const { kdir, makeArguments, env } = await this.#build();
    await runLogged({
      command: 'make',
      arguments: ['--no-print-directory', '-C', tree, `KDIR=${kdir}`, ...makeArguments],
      log: this.#job.outputs.file('changed-driver.log'),
      signal: this.#job.signal,
      ...(env === undefined ? {} : { env }),
      failure: { class: 'test', message: 'the driver does not build with this change' },
    });
  }
}

async function put(tree: string, files: ChangedFiles): Promise<void> {
  for (const [path, text] of files) await writeFile(join(tree, path), text);
}

async function originals(root: string, files: ChangedFiles): Promise<ChangedFiles> {
  const texts = [...files.keys()].map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}
