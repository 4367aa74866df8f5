// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { execa } from 'execa';
import { compiled } from '../../native/compiled.ts';
import { temporary } from '../temporary.ts';

/** What a core's program is built from, where it runs, and where the test and it meet. */
interface Core {
  readonly sources: readonly string[];
  readonly flags: readonly string[];
  readonly runsAt: number;
  readonly stack: number;
  readonly hand: number;
}

const cores = {
  mcu: { sources: ['mcu.c'], flags: ['-mthumb', '-mcpu=cortex-m4'], runsAt: 0, stack: 0x1003_0000, hand: 0x1002_0000 },
  mpu: {
    sources: ['mpu.S'],
    flags: ['-marm', '-mcpu=cortex-a7', '-mgeneral-regs-only'],
    runsAt: 0x2ffc_0000,
    stack: 0x2ffd_0000,
    hand: 0x1002_1000,
  },
} as const satisfies Readonly<Record<string, Core>>;

export type CoreName = keyof typeof cores;

export const handOf = (core: CoreName): number => cores[core].hand;

const built = new Map<CoreName, Promise<string>>();

/** The program of a core, which is built once in each process. For the MPU it is an ELF file, for the MCU an image. */
export function programOf(core: CoreName): Promise<string> {
  const program = built.get(core) ?? build(core);
  built.set(core, program);
  return program;
}

async function build(core: CoreName): Promise<string> {
  const { sources, flags, runsAt, stack, hand }: Core = cores[core];
  const files = [...sources, 'hand.c'].map((file) => join(import.meta.dirname, file));
  const words = [
    ...['-Os', '-Wall', '-Werror', '-ffreestanding', '-nostdlib', '-static', '-mfloat-abi=soft'],
    ...flags,
    ...[`-DHAND=${hand}`, `-DSTACK=${stack}`],
    ...['-Wl,--build-id=none', '-Wl,-z,norelro', `-Wl,--section-start=.vectors=0x${runsAt.toString(16)}`],
    ...[`-Wl,-Ttext=0x${(runsAt + 0x400).toString(16)}`, '-Wl,-e,start'],
  ];
  const elf = await compiled({ compiler: 'arm-linux-gnueabihf-gcc', words, files });
  if (core === 'mpu') return elf;
  const image = join(temporary('hands'), `${core}.bin`);
  await execa('arm-linux-gnueabihf-objcopy', ['-O', 'binary', '-j', '.vectors', '-j', '.text', elf, image]);
  return image;
}
