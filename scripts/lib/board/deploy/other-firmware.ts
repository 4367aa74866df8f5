// SPDX-License-Identifier: MIT
/** Firmware of somebody's own, which knows nothing of this project. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../base/failure/failure.ts';
import { uploadIfDifferent } from './upload.ts';
import type { Board } from '../inventory/board.ts';
import type { Connection } from '../ssh/connection.ts';
import { exec } from '../ssh/exec.ts';
import { startCoprocessor, stopCoprocessor } from '../state/coprocessor.ts';

/** ELF's e_ident, and e_machine of ARM (elf.h). */
const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const classOf32Bits = 1;
const machineArm = 40;

/** What remoteproc says of a file that it does not take, and what its author can do. */
const refusals: readonly (readonly [said: RegExp, remedy: string])[] = [
  [
    /bad phdr da/,
    'link it to where the device tree lets the coprocessor be: on an STM32MP15 vectors at 0x00000000 (RETRAM, 64 KiB), ' +
      'code and data at 0x10000000 (MCUSRAM, 256 KiB), and nothing else in a PT_LOAD segment',
  ],
  [/resource table/i, 'give it a section .resource_table, of a kilobyte at least, in a PT_LOAD segment'],
];

/** Throws Failure('usage') for a file that no board's coprocessor could run. */
async function checkFile(file: string): Promise<void> {
  const elf = await readFile(file).catch((error: unknown) => {
    throw new Failure('usage', `cannot read the firmware ${file}: ${(error as Error).message}`);
  });
  if (elf.length < 52 || !elf.subarray(0, 4).equals(magic))
    throw new Failure('usage', `${file} is not an ELF file`, {
      remedy: 'give the linker’s output, not a .bin or .hex',
    });
  const machine = elf.readUInt16LE(18);
  if (elf[4] === classOf32Bits && machine === machineArm) return;
  throw new Failure(
    'usage',
    `${file} is for another machine (ELF machine ${machine}, ${elf[4] === 1 ? 32 : 64} bits)`,
    {
      remedy: 'compile it for a Cortex-M4: arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb',
    },
  );
}

/** Runs it in the place of what ran before. Lines that Linux said while it started. */
export async function runOtherFirmware(
  c: Connection,
  board: Board,
  file: string,
  signal: AbortSignal,
): Promise<string[]> {
  await checkFile(file);
  const name = basename(file);
  const before = await kernelLines(c);
  // One of the same name that runs already may be another.
  await stopCoprocessor(c, board);
  await uploadIfDifferent(c, file, `/lib/firmware/${name}`, 0o644, signal);
  try {
    await startCoprocessor(c, board, name);
  } catch (error) {
    const said = (await linesSince(c, before)).join('\n');
    const remedy = refusals.find(([pattern]) => pattern.test(said))?.[1];
    if (remedy === undefined || !(error instanceof Failure)) throw error;
    throw error.retold({ kind: 'coprocessor', remedy });
  }
  return linesSince(c, before);
}

/** What the kernel said behind the last of these lines. Its log keeps the newest ones only, so counting them does not tell. */
async function linesSince(c: Connection, before: readonly string[]): Promise<string[]> {
  const lines = await kernelLines(c);
  return lines.slice(lines.lastIndexOf(before.at(-1) ?? '') + 1);
}

async function kernelLines(c: Connection): Promise<string[]> {
  return (await exec(c, 'dmesg', { timeoutMs: 20_000 })).stdout.trimEnd().split('\n');
}

/** What it wrote into the trace buffers that its resource table names. */
export async function traceOf(c: Connection, board: Board): Promise<string> {
  const buffers = `/sys/kernel/debug/remoteproc/${board.remoteproc}/trace*`;
  const { code, stdout } = await exec(c, `cat ${buffers}`, { timeoutMs: 20_000 });
  if (code === 0) return stdout;
  throw new Failure('board', `the firmware of ${board.name} has no trace buffer`, {
    kind: 'coprocessor',
    remedy: 'start it, or give it a resource table with a trace entry (RSC_TRACE)',
  });
}
