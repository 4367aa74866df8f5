// SPDX-License-Identifier: MIT
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildEnvironment } from '../../base/process/build-environment.ts';
import { Failure } from '../../base/failure/failure.ts';
import { arm } from '../../base/target/architecture.ts';
import { boardModules, boardTree } from './board-modules.ts';
import { copyModules } from './modules.ts';
import { uImage } from './uimage.ts';
import type { Step } from '../../base/log/log.ts';
import { copyBuildDirectory } from './copy-build-directory.ts';
import { detectorsMakeArguments } from './make-arguments.ts';
import { lostSettings } from './settings.ts';

export interface KernelSource {
  readonly settings: readonly string[];
  /** text of a patch to the sources */
  readonly patch: string;
  unpack(dir: string): Promise<void>;
}

/** dir gets: kernel (for QEMU), lib/modules/<release>, build (for modules of our own), the board's tree, config, System.map, release. */
export async function compileKernel(dir: string, source: KernelSource, step: Step): Promise<void> {
  const tree = join(dir, 'source');
  await mkdir(tree);
  step.progress('unpacking');
  await source.unpack(tree);
  await execa('patch', ['--strip=1', '--directory', tree], { input: source.patch });
  await configure(tree, source.settings);
  await make(tree, ['Image', 'modules', boardTree], step);

  step.progress('installing');
  const modules = join(dir, 'modules');
  await make(tree, ['modules_install', `INSTALL_MOD_PATH=${modules}`, 'DEPMOD=true'], step);
  const release = (await readFile(join(tree, 'include/config/kernel.release'), 'utf8')).trim();
  await copyModules(modules, dir, release, boardModules, arm);
  const image = await readFile(join(tree, 'arch/arm/boot/Image'));
  const symbols = await readFile(join(tree, 'System.map'), 'utf8');
  await writeFile(join(dir, 'kernel'), uImage(image, `Linux ${release}`, textOffset(symbols)));
  for (const [from, to] of [
    ['.config', 'config'],
    ['System.map', 'System.map'],
    [`arch/arm/boot/dts/${boardTree}`, boardTree],
  ] as const) {
    await writeFile(join(dir, to), await readFile(join(tree, from)));
  }
  await writeFile(join(dir, 'release'), `${release}\n`);
  await copyBuildDirectory(tree, join(dir, 'build'));
  for (const scratch of [tree, modules]) await rm(scratch, { recursive: true });
}

/** Where in memory the kernel begins. Its virtual memory begins at a whole GiB. */
function textOffset(symbols: string): number {
  const [, address] = /^(\w+) T _text$/m.exec(symbols) ?? [];
  if (address === undefined) throw new Failure('test', 'the sanitizer kernel has no symbol _text');
  return Number.parseInt(address, 16) % 2 ** 30;
}

/** Everything off but the settings and what they need. */
async function configure(tree: string, settings: readonly string[]): Promise<void> {
  const fragment = join(tree, 'fragment');
  await writeFile(fragment, `${settings.join('\n')}\n`);
  await make(tree, ['allnoconfig', `KCONFIG_ALLCONFIG=${fragment}`]);
  const lost = lostSettings(settings, await readFile(join(tree, '.config'), 'utf8'));
  if (lost.length > 0)
    throw new Failure('test', `the kernel's configuration does not take ${lost.join(', ')}`, {
      remedy: 'mend test/emulator/sanitize.config',
    });
}

async function make(tree: string, targets: readonly string[], step?: Step): Promise<void> {
  // This takes long. So everything else on the machine goes first.
  const child = execa(
    'nice',
    ['-n', '19', 'make', '-C', tree, `-j${availableParallelism()}`, ...detectorsMakeArguments, ...targets],
    {
      all: true,
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      env: { ...buildEnvironment(), KBUILD_BUILD_TIMESTAMP: '', KCONFIG_NOTIMESTAMP: '1' },
    },
  );
  let compiled = 0;
  if (step)
    child.stdout.on('data', (data: Buffer) => {
      const files = data.toString().match(/^ {2}(CC|AS|LD)\b.*$/gm) ?? [];
      compiled += files.length;
      const last = files.at(-1)?.trim().split(/\s+/).at(-1);
      if (last !== undefined) step.progress(`${compiled} files: ${last}`);
    });
  const { failed, all, originalMessage } = await child;
  if (!failed) return;
  const lines = (all || String(originalMessage)).split('\n');
  const errors = lines.filter((line) => /\berror\b|\*\*\*|not found/i.test(line));
  const telling = (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).map((line) => `    ${line}`).join('\n');
  throw new Failure('host', `the sanitizer kernel does not build (make ${targets.join(' ')})\n${telling}`, {
    remedy: 'npm run doctor',
  });
}
