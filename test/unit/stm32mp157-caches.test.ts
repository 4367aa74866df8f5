// SPDX-License-Identifier: MIT
/* The MPU's data cache. The MCU and the DMA do not see it. */
import type { ExecutionContext } from 'ava';
import { Machine } from './stm32mp157/machine.ts';
import { dma1, rcc } from './stm32mp157/registers.ts';
import { until } from './stm32mp157/until.ts';
import { test } from '../together/counted.ts';

/** Two words of one line, and one of the next line. */
const line = 0xc100_0000;
const sameLine = line + 60;
const nextLine = line + 64;

async function withCaches(t: ExecutionContext, ...more: readonly string[]): Promise<Machine> {
  const machine = await Machine.running(t, '-machine', 'caches=on', ...more);
  await machine.bootMcu();
  return machine;
}

test.serial('without caches each core sees at once what the other one writes', async (t) => {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  await machine.mpu.write(line, 1);
  t.is(await machine.mcu.read(line), 1);
  await machine.mcu.write(line, 2);
  t.is(await machine.mpu.read(line), 2);
});

test.serial('what the MPU writes is seen when the line is cleaned, and only that line', async (t) => {
  const { mcu, mpu } = await withCaches(t);
  await mpu.write(line, 1);
  await mpu.write(sameLine, 2);
  await mpu.write(nextLine, 3);
  t.deepEqual([await mcu.read(line), await mcu.read(sameLine), await mcu.read(nextLine)], [0, 0, 0]);
  await mpu.order('clean', line + 20);
  t.deepEqual([await mcu.read(line), await mcu.read(sameLine), await mcu.read(nextLine)], [1, 2, 0]);
});

test.serial('what the MCU writes is seen when the line is invalidated, and what was dirty in it is lost', async (t) => {
  const { mcu, mpu } = await withCaches(t);
  await mcu.write(line, 1);
  await mcu.write(nextLine, 2);
  await mpu.write(sameLine, 3);
  t.is(await mpu.read(line), 0);
  await mpu.order('invalidate', line);
  t.deepEqual([await mpu.read(line), await mpu.read(sameLine), await mpu.read(nextLine)], [1, 0, 0]);
});

test.serial('an invalidation that comes before the write is of no use', async (t) => {
  const { mcu, mpu } = await withCaches(t);
  await mpu.order('invalidate', line);
  await mcu.write(line, 1);
  t.is(await mpu.read(line), 0);
});

test.serial('a clean writes nothing back of a line that is not dirty, and all of one that is', async (t) => {
  const { mcu, mpu } = await withCaches(t);
  await mcu.write(line, 1);
  await mpu.order('clean', line);
  t.is(await mcu.read(line), 1, 'nothing to write back');
  await mpu.write(sameLine, 2);
  await mpu.order('cleanAndInvalidate', line);
  t.deepEqual([await mcu.read(line), await mcu.read(sameLine)], [0, 2], 'the whole line is written');
  await mcu.write(line, 3);
  await mpu.order('cleanAndInvalidate', line);
  t.deepEqual([await mpu.read(line), await mpu.read(sameLine)], [3, 2]);
});

test.serial('a clean by set and way reaches every line of the set', async (t) => {
  const { mcu, mpu } = await withCaches(t);
  const [sets, level2] = [2304, 1 << 1]; // as QEMU's Cortex-A7 says in its CCSIDR
  const set = (((line + 128 - 0xc000_0000) / 64) % sets) * 64;
  const alike = line + sets * 64;
  await mpu.write(line + 128, 1);
  await mpu.write(alike + 128, 2);
  await mpu.write(nextLine, 3);
  await mpu.order('cleanSetAndWay', set);
  t.is(await mcu.read(line + 128), 0, 'the first level goes to the second');
  await mpu.order('cleanSetAndWay', set | level2);
  t.deepEqual([await mcu.read(line + 128), await mcu.read(alike + 128), await mcu.read(nextLine)], [1, 2, 0]);
});

test.serial('a DMA works on the real memory', async (t) => {
  const { bus, mpu } = await withCaches(t);
  await bus.write(rcc.MP_AHB2ENSETR, 0x7);
  await mpu.write(line, 1);
  await mpu.write(nextLine, 2);
  await mpu.order('clean', nextLine);
  await bus.write(dma1.S0NDTR, 32);
  await bus.write(dma1.S0PAR, line);
  await bus.write(dma1.S0M0AR, line + 0x1000);
  await bus.write(dma1.S0CR, (2 << 6) | (1 << 9) | (1 << 10) | (2 << 11) | 1);
  await until(async () => ((await bus.read(dma1.LISR)) & (1 << 5)) !== 0);
  for (const offset of [0x1000, 0x1040]) {
    t.is(await mpu.read(line + offset), 0);
    await mpu.order('invalidate', line + offset);
  }
  t.deepEqual([await mpu.read(line + 0x1000), await mpu.read(line + 0x1040)], [0, 2]);
});

test.serial('once a page was maintained, a line is dirty that was written with what it had', async (t) => {
  const { mcu, mpu } = await withCaches(t);
  await mpu.order('clean', line);
  await mcu.write(line, 1);
  await mcu.write(nextLine, 2);
  await mpu.write(sameLine, 0);
  for (const address of [line, nextLine]) await mpu.order('clean', address);
  t.deepEqual([await mcu.read(line), await mcu.read(nextLine)], [0, 2]);
});

test.serial('a dirty line is evicted at some time, over what the MCU has written, and stays loaded', async (t) => {
  const { mcu, mpu } = await withCaches(t, '-global', 'stm32mp15-cache.evictions-ms=1', '-m', '64');
  await mpu.write(line, 1);
  await mcu.write(sameLine, 2);
  await until(async () => (await mcu.read(line)) === 1);
  t.is(await mcu.read(sameLine), 0);
  await mcu.write(sameLine, 3);
  await mpu.write(nextLine, 4);
  await until(async () => (await mcu.read(nextLine)) === 4);
  t.is(await mpu.read(sameLine), 0);
});

test.serial('a clean line is loaded anew at some time, and what is dirty stays', async (t) => {
  const { mcu, mpu } = await withCaches(t, '-global', 'stm32mp15-cache.speculations-ms=1', '-m', '64');
  await mpu.write(nextLine, 4);
  await mcu.write(line, 1);
  await mcu.write(nextLine, 2);
  await until(async () => (await mpu.read(line)) === 1);
  t.deepEqual([await mpu.read(nextLine), await mcu.read(nextLine)], [4, 2]);
});

test.serial('a cache is saved with its machine', async (t) => {
  const before = await withCaches(t);
  await before.mpu.write(line, 1);
  await before.mcu.write(sameLine, 2);
  const state = `${before.directory}/state`;
  await before.save(state);
  const turns = await before.turns('mcu');
  const after = await Machine.running(t, '-machine', 'caches=on', '-incoming', `exec:cat ${state}`);
  await until(async () => (await after.turns('mcu')) === turns);
  await after.resume();
  await after.untilTurns('mcu');
  t.deepEqual([await after.mpu.read(line), await after.mcu.read(line)], [1, 0]);
  t.deepEqual([await after.mpu.read(sameLine), await after.mcu.read(sameLine)], [0, 2]);
  await after.mpu.order('clean', line);
  t.deepEqual([await after.mcu.read(line), await after.mcu.read(sameLine)], [1, 0]);
});
