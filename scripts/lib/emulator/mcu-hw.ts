// SPDX-License-Identifier: MIT
/** The test module that is the coprocessor's mailbox, reset and clock, built for the board's kernel. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../cache/cached.ts';
import { Failure } from '../failure/failure.ts';
import type { KernelBuild } from '../kernel/build-directory.ts';
import type { Log } from '../log/log.ts';
import { sourceText } from './sources.ts';

/** Path of mcu_hw.ko. */
export async function mcuHwModule(kernel: KernelBuild, log: Log): Promise<string> {
  const sources = { 'mcu_hw.c': sourceText('mcu_hw/mcu_hw.c'), Kbuild: sourceText('mcu_hw/Kbuild') };
  const inputs = ['1', kernel.dir, ...kernel.makeArguments, ...Object.values(sources)];
  const build = (dir: string): Promise<void> =>
    log.step(`building mcu_hw for ${kernel.release}`, async () => {
      const work = join(dir, 'work');
      await mkdir(work);
      for (const [name, text] of Object.entries(sources)) await writeFile(join(work, name), text);
      const make = ['-C', kernel.dir, `M=${work}`, ...kernel.makeArguments, 'modules'];
      const { failed, all } = await execa('make', make, { all: true, reject: false });
      if (failed) throw new Failure('test', `test/emulator/mcu_hw does not build for ${kernel.release}:\n${all}`);
      await execa('arm-linux-gnueabihf-strip', ['--strip-debug', join(work, 'mcu_hw.ko')]);
      await rename(join(work, 'mcu_hw.ko'), join(dir, 'mcu_hw.ko'));
      await rm(work, { recursive: true });
    });
  return join(await cached('mcu-hw', inputs, build, log), 'mcu_hw.ko');
}
