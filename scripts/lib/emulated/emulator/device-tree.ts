// SPDX-License-Identifier: MIT
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../../host/cache/cached.ts';
import type { KernelImage } from '../../host/kernel/shapes.ts';
import { source, sourceText } from '../../base/target/emulator-sources.ts';
import type { Machine } from './machine.ts';

/** Path of the board's device tree blob. */
export function deviceTree(machine: Machine, kernel: KernelImage): Promise<string> {
  return kernel.deviceTree === undefined ? ofQemu(machine) : ofKernel(kernel.deviceTree);
}

/** The kernel's own for the board, with what a board's author adds. */
async function ofKernel(blob: string): Promise<string> {
  const overlay = 'stm32mp157/board.dtso';
  const dir = await cached('device-tree', ['3', blob, sourceText(overlay)], async (fresh) => {
    const compiled = join(fresh, 'board.dtbo');
    await execa('dtc', ['-q', '-I', 'dts', '-O', 'dtb', '-o', compiled, source(overlay)]);
    await execa('fdtoverlay', ['-i', blob, '-o', join(fresh, 'board.dtb'), compiled]);
  });
  return join(dir, 'board.dtb');
}

/** The one that this QEMU makes for its machine, edited by test/emulator/arm64/board.dts. */
async function ofQemu({ program, version, arguments: words }: Machine): Promise<string> {
  const texts = ['arm64/board.dts', 'arm64/coprocessor.dtsi'].map(sourceText);
  const dir = await cached('device-tree', ['2', program, version, ...words, ...texts], async (fresh) => {
    const dumped = join(fresh, 'virt.dtb');
    const [, machine = '', ...others] = words;
    await execa(program, ['-M', `${machine},dumpdtb=${dumped}`, ...others]);
    const { stdout: virt } = await execa('dtc', ['-q', '-I', 'dtb', '-O', 'dts', dumped]);
    await rm(dumped);
    await writeFile(join(fresh, 'virt.dts'), virt);
    const include = ['-i', fresh, '-i', source('arm64')];
    const to = ['-o', join(fresh, 'board.dtb')];
    await execa('dtc', ['-q', '-I', 'dts', '-O', 'dtb', ...include, ...to, source('arm64/board.dts')]);
  });
  return join(dir, 'board.dtb');
}
