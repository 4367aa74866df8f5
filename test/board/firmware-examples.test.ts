// SPDX-License-Identifier: MIT
// The programs of firmware/examples on the coprocessor. Linux loads each as the only firmware there is, and captures
// what it samples.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { pull, push } from '../../scripts/lib/board/ssh/transfer.ts';
import { device } from '../../scripts/lib/board/agent/abi-v1.ts';
import { boardTest, type Scenario } from './fixture/board-test.ts';
import { installed, onBoard, sdbctl } from './fixture/sdbctl.ts';
import { until } from './fixture/until.ts';

const source = join(import.meta.dirname, '../firmware-examples/coprocessor');
const needs = ['stm32mp15'];
const timeout = 60_000;
const size = 16 * 1024;
const count = 40;

/** Runs an example in place of the test firmware while work is done. */
async function withExample({ board, remoteproc }: Scenario, name: string, work: () => Promise<void>): Promise<void> {
  const { connection, directory } = await installed();
  await execa('make', ['-C', source, `OUT=${directory}`]);
  const file = `/lib/firmware/${name}`;
  await push(connection, join(directory, name), file);
  const before = await remoteproc.firmware();
  await remoteproc.stop();
  try {
    await remoteproc.setFirmware(name);
    await remoteproc.start();
    await until(
      `${name} to announce its channel`,
      () => board.isThere(device),
      (there) => there,
    );
    await work();
  } finally {
    await remoteproc.ensureStopped();
    await remoteproc.setFirmware(before);
    await onBoard(`rm ${file}`);
    await remoteproc.start();
    await board.waitReady();
  }
}

/** The exit code of sdbctl when transfers were missed. */
const someMissed = 3;

interface Captured {
  readonly code: number;
  readonly told: { readonly missed: number; readonly transfers: number; readonly handover: boolean };
  /** The words of each transfer. The upper half of a word is the fill's number, the lower half the word's own. */
  readonly transfers: readonly Uint32Array[];
}

async function capture(): Promise<Captured> {
  const { code, stdout, stderr } = await sdbctl(
    `capture --json --buffers 4 --size ${String(size)} --count ${String(count)} --idle 10 /tmp/sdbctl-example`,
  );
  if (code !== 0 && code !== someMissed) throw new Error(stderr);
  const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-example-'));
  try {
    const path = join(directory, 'captured');
    await pull((await installed()).connection, '/tmp/sdbctl-example', path);
    const bytes = await readFile(path);
    if (bytes.length !== count * size) throw new Error(`captured ${String(bytes.length)} bytes`);
    const words = new Uint32Array(new Uint8Array(bytes).buffer);
    const transfers = Array.from({ length: count }, (_, i) => words.subarray((i * size) / 4, ((i + 1) * size) / 4));
    return { code, told: JSON.parse(stdout) as Captured['told'], transfers };
  } finally {
    await rm(directory, { recursive: true });
  }
}

const numbersOf = (words: Uint32Array): number[] => [...new Set(words.map((word) => word >>> 16))];
const isInPlace = (words: Uint32Array): boolean => words.every((word, i) => (word & 0xffff) === i);

boardTest(
  'OpenAMP without an operating system: the example fills buffers in turn, and Linux reads them',
  async (s) => {
    const { t } = s;
    await withExample(s, 'sdb-openamp.elf', async () => {
      const { code, told, transfers } = await capture();
      t.is(code, told.missed > 0 ? someMissed : 0);
      t.like(told, { transfers: count, handover: false });
      t.true(transfers.every(isInPlace));
      // The example does not wait for Linux. So fills are missed. A buffer that is read late has some words of a later
      // fill.
      const whole = transfers.map(numbersOf).filter((numbers) => numbers.length === 1);
      t.true(new Set(whole.flat()).size > count / 2);
      t.true(Math.max(...transfers.flatMap(numbersOf)) + 1 >= count + told.missed);
    });
  },
  { needs, timeout },
);

boardTest(
  'OpenAMP and FreeRTOS: the example fills what Linux hands over, and no fill is missed or overwritten',
  async (s) => {
    const { t } = s;
    await withExample(s, 'sdb-freertos.elf', async () => {
      const { code, told, transfers } = await capture();
      t.is(code, 0);
      t.like(told, { transfers: count, missed: 0, handover: true });
      t.true(transfers.every(isInPlace));
      t.deepEqual(
        transfers.map(numbersOf),
        transfers.map((_, fill) => [fill]),
      );
      // Its buffers were withdrawn. It confirmed that while it ran, so Linux has the memory back.
      const memory = await until(
        'the memory to come back',
        () => s.board.memory(),
        ({ retiredBytes }) => retiredBytes === 0,
      );
      t.is(memory.bytes, 0);
    });
  },
  { needs, timeout },
);
