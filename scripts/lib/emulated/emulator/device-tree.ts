// SPDX-License-Identifier: MIT
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../../host/cache/cached.ts';
import type { Machine } from './machine.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';

/** Path of the board's device tree blob: the one this QEMU makes for its machine, edited by test/emulator/board.dts. */
export async function deviceTree({ program, arguments: words }: Machine, qemuVersion: string): Promise<string> {
  const inputs = ['2', program, qemuVersion, ...words, sourceText('board.dts'), sourceText('coprocessor.dtsi')];
  const dir = await cached('device-tree', inputs, async (fresh) => {
    const dumped = join(fresh, 'virt.dtb');
    const [, machine = '', ...others] = words;
    await execa(program, ['-M', `${machine},dumpdtb=${dumped}`, ...others]);
    const { stdout: virt } = await execa('dtc', ['-q', '-I', 'dtb', '-O', 'dts', dumped]);
    await rm(dumped);
    await writeFile(join(fresh, 'virt.dts'), virt);
    const include = ['-i', fresh, '-i', source('.')];
    await execa('dtc', [
      '-q',
      '-I',
      'dts',
      '-O',
      'dtb',
      ...include,
      '-o',
      join(fresh, 'board.dtb'),
      source('board.dts'),
    ]);
  });
  return join(dir, 'board.dtb');
}
