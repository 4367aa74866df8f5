// SPDX-License-Identifier: MIT
/** Modules that the board needs and that a kernel of Debian's is configured without: made of that kernel's own sources. */
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cached } from '../cache/cached.ts';
import type { Log } from '../../base/log/log.ts';
import type { KernelBuild } from './shapes.ts';
import { withLinuxSource } from './linux-source.ts';
import { outOfTreeModules } from './out-of-tree.ts';
import { boardKernel, type Series } from '../../base/target/kernels.ts';

interface SourceModule {
  /** the kernel's setting for it, without CONFIG_ */
  readonly setting: string;
  /** in the kernel's source tree */
  readonly source: string;
}

/** The path from Linux to the coprocessor. */
const needed: readonly SourceModule[] = [
  { setting: 'RPMSG_CHAR', source: 'drivers/rpmsg/rpmsg_char.c' },
  { setting: 'RPMSG_CTRL', source: 'drivers/rpmsg/rpmsg_ctrl.c' },
  { setting: 'RPMSG_NS', source: 'drivers/rpmsg/rpmsg_ns.c' },
  { setting: 'RPMSG_VIRTIO', source: 'drivers/rpmsg/virtio_rpmsg_bus.c' },
  { setting: 'RPMSG_TTY', source: 'drivers/tty/rpmsg_tty.c' },
  { setting: 'STM32_RPROC', source: 'drivers/remoteproc/stm32_rproc.c' },
];

/** What these include from beside them. */
const headers = [
  'drivers/rpmsg/rpmsg_char.h',
  'drivers/rpmsg/rpmsg_internal.h',
  'drivers/remoteproc/remoteproc_internal.h',
];

/** Paths of the modules that this kernel came without; nothing is downloaded when it has them all. */
export async function leftOutModules(kernel: KernelBuild, log: Log): Promise<readonly string[]> {
  const config = await readFile(join(kernel.dir, '.config'), 'utf8');
  const missing = needed.filter(({ setting }) => !new RegExp(`^CONFIG_${setting}=[ym]$`, 'm').test(config));
  if (missing.length === 0) return [];
  const sources = await sourceFiles(boardKernel(kernel.version).series, log);
  return outOfTreeModules(
    kernel,
    {
      title: 'modules that Debian leaves out',
      modules: missing.map(({ source }) => basename(source, '.c')),
      files: { ...sources, Kbuild: kbuild(missing) },
    },
    log,
  );
}

function kbuild(modules: readonly SourceModule[]): string {
  const objects = modules.map(({ source }) => basename(source, '.c')).map((name) => `obj-m += ${name}.o\n`);
  // The kernel's configuration would say this. Without it, headers have empty functions instead.
  const settings = modules.map(({ setting }) => `ccflags-y += -DCONFIG_${setting}_MODULE=1\n`);
  return [...objects, ...settings].join('');
}

/** Content by file name. */
async function sourceFiles(series: Series, log: Log): Promise<Readonly<Record<string, string>>> {
  const paths = [...needed.map(({ source }) => source), ...headers];
  const dir = await withLinuxSource(series, log, (source) => {
    const build = async (fresh: string): Promise<void> => {
      const deb = await source.fetch(log);
      await log.step(`unpacking modules of Linux ${source.version}`, () => source.unpack(deb, fresh, paths));
      for (const path of paths) await rename(join(fresh, path), join(fresh, basename(path)));
      await rm(join(fresh, 'drivers'), { recursive: true });
    };
    return cached('module-sources', ['1', source.sha256, ...paths], build, log);
  });
  const names = (await readdir(dir)).filter((name) => /\.[ch]$/.test(name));
  const files = names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}
