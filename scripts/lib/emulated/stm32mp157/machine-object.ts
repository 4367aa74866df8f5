// SPDX-License-Identifier: MIT
/** The STM32MP157C-DK2 as a shared object that the distribution's own QEMU loads: nothing of QEMU's is built. */
import { readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Failure } from '../../base/failure/failure.ts';
import type { Log } from '../../base/log/log.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';
import { cached } from '../../host/cache/cached.ts';
import { compilerVersion } from '../../host/programs/compiler.ts';
import { sourceVersionOf, withQemuSource } from './qemu-source.ts';

export const program = 'qemu-system-arm';
export const machineName = 'stm32mp157c-dk2';

const folder = 'stm32mp157';
const configured = `${folder}/configured`;
const product = `${folder}.so`;

/** Path of the object, for the QEMU that calls itself so. */
export function machineObject(qemuVersion: string, log: Log): Promise<string> {
  return withQemuSource(sourceVersionOf(qemuVersion), log, async (qemu) => {
    const texts = [...models(folder), ...models(configured)].map(sourceText);
    const inputs = ['1', qemuVersion, await compilerVersion('gcc'), ...qemu.sha256, ...texts];
    const build = (dir: string): Promise<void> =>
      log.step('building the emulated STM32MP157', async (step) => {
        const work = join(dir, 'work');
        const { qemu: tree, glib } = await qemu.unpack(work, step);
        await compile(tree, glib, join(dir, product));
        await rm(work, { recursive: true });
        await tryOut(join(dir, product), qemuVersion);
      });
    return join(await cached('emulated-stm32mp157', inputs, build, log), product);
  });
}

function models(below: string): string[] {
  return readdirSync(source(below))
    .filter((name) => /\.[ch]$/.test(name))
    .sort()
    .map((name) => `${below}/${name}`);
}

async function compile(tree: string, glib: string, object: string): Promise<void> {
  const generated = join(tree, 'generated');
  // QEMU's own headers include some that it generates from the description of its machine protocol.
  const generator = [join(tree, 'scripts/qapi-gen.py'), '--builtins', '--output-dir', join(generated, 'qapi')];
  await execa('python3', [...generator, join(tree, 'qapi/qapi-schema.json')]);
  const [multiarch = ''] = await readdir(join(glib, 'usr/lib'));
  const directories = [
    source(configured),
    generated,
    join(generated, 'qapi'),
    join(tree, 'include'),
    tree,
    join(tree, 'target/arm'),
    // What the models know of translated code is laid out for this host's processor.
    join(tree, 'tcg', process.arch === 'arm64' ? 'aarch64' : 'i386'),
    join(tree, 'linux-headers'),
    join(glib, 'usr/include/glib-2.0'),
    join(glib, 'usr/lib', multiarch, 'glib-2.0/include'),
  ];
  const words = [
    ...['-shared', '-fPIC', '-O2', '-g', '-std=gnu11', '-Wall', '-Wl,-z,now'],
    // As QEMU itself is compiled.
    ...['-fno-strict-aliasing', '-fno-common', '-fwrapv', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64'],
    ...['-DNEED_CPU_H', '-DCONFIG_TARGET="config-target.h"'],
    ...directories.map((path) => `-I${path}`),
    ...['-o', object],
    ...models(folder)
      .filter((name) => name.endsWith('.c'))
      .map(source),
  ];
  const { failed, all } = await execa('gcc', words, { all: true, reject: false });
  if (failed) throw new Failure('test', `test/emulator/${folder} does not build:\n${all}`);
}

/** Switches the machine on and off again, so that one which does not fit is never in the cache. */
async function tryOut(object: string, qemuVersion: string): Promise<void> {
  const words = ['-M', machineName, '-nodefaults', '-display', 'none', '-S', '-monitor', 'stdio'];
  const ended = await execa(program, words, {
    env: { LD_PRELOAD: object },
    input: 'quit\n',
    reject: false,
    timeout: 60_000,
  });
  if (!ended.failed) return;
  const said = ended.stderr.trim() || ended.shortMessage;
  throw new Failure('host', `the emulated STM32MP157 does not fit ${qemuVersion.split('\n')[0] ?? ''}: ${said}`, {
    remedy: "apt-get install --reinstall qemu-system-arm, of Debian 12's archive",
    cause: ended,
  });
}
