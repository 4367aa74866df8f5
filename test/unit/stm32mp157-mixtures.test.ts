// SPDX-License-Identifier: MIT
/* Memory that the MPU reaches both through its cache and past it. Each kind of translation table is tried. */
import type { ExecutionContext } from 'ava';
import { Machine } from './stm32mp157/machine.ts';
import { cacheable, combined, formats, mapTwice } from './stm32mp157/map-twice.ts';
import { test } from '../together/counted.ts';

const line = 64;
const page = 4096;

interface Mapped extends Pick<Machine, 'mcu' | 'mpu'> {
  readonly unmapCombined: () => Promise<void>;
  /** what the cache model has complained of since this was last asked */
  readonly told: () => Promise<string[]>;
}

/** Declares a test for each format. Each begins without complaints. */
function mapped(title: string, work: (t: ExecutionContext, machine: Mapped) => Promise<void>): void {
  for (const format of Object.keys(formats) as (keyof typeof formats)[]) {
    test(`${title}: ${format} descriptors`, async (t) => {
      const machine = await Machine.running(t, '-machine', 'caches=on');
      await machine.bootMcu();
      const unmapCombined = await mapTwice(machine, format);
      await machine.said();
      const { mcu, mpu } = machine;
      await work(t, { mcu, mpu, unmapCombined, told: () => machine.said() });
      t.deepEqual(await machine.said(), [], 'all that was told of is expected');
    });
  }
}

async function cleanLines({ mpu }: Mapped, at: number, count = page / line): Promise<void> {
  for (let i = 0; i < count; i++) await mpu.order('clean', at + i * line);
}

mapped('a mapping says whether an access goes through the cache', async (t, { mcu, mpu }) => {
  await mpu.write(combined, 1);
  t.is(await mcu.read(cacheable), 1);
  await mcu.write(cacheable + 4, 2);
  t.is(await mpu.read(combined + 4), 2);
  await mpu.write(cacheable + page, 3);
  t.is(await mcu.read(cacheable + page), 0);
  await mpu.order('clean', cacheable + page);
  t.is(await mcu.read(cacheable + page), 3);
});

mapped('an access past the cache to a page with a dirty line is told of', async (t, { mpu, told }) => {
  await mpu.write(cacheable + line, 3);
  await mpu.read(combined);
  t.deepEqual(await told(), ['cache: an access past it to a page whose line 0xc1000040 is dirty (mpu0)']);
});

mapped('an unaligned store makes those lines dirty that it writes to, and no other', async (t, machine) => {
  const { mcu, mpu, told } = machine;
  const second = cacheable + page;
  // From the first maintenance of a page on, QEMU tells of each store to it.
  for (const at of [second, second + page]) await mpu.order('clean', at);
  // They lie in one line, in two, and in two pages.
  for (const at of [2 * line + 2, 5 * line - 2, page - 2]) await mpu.write(second + at, 0);
  const written: number[] = [];
  for (const i of [0, 1, 2, 3, 4, 5, 6, 62, 63, 64, 65]) {
    const at = second + i * line;
    await mcu.write(at + 8, 7);
    await mpu.order('clean', at);
    if ((await mcu.read(at + 8)) !== 7) written.push(i);
  }
  t.deepEqual(written, [2, 4, 5, 63, 64]);
  await mpu.read(combined);
  t.deepEqual(await told(), [], 'the page before it');
});

mapped('what was reached through the cache is in it until each line is maintained', async (t, machine) => {
  const { mpu, told } = machine;
  await mpu.read(cacheable);
  await cleanLines(machine, cacheable);
  await mpu.read(combined);
  t.deepEqual(await told(), []);
  await mpu.read(cacheable + page);
  await cleanLines(machine, cacheable + page, page / line - 1);
  await mpu.read(combined + page);
  t.deepEqual(await told(), [
    'cache: an access past it to a page whose line 0xc1001fc0 may be in it: it was reached through the cache, and not maintained since (mpu0)',
  ]);
});

mapped('an access through the cache to a page that is mapped past it is told of', async (t, machine) => {
  const { mpu, told, unmapCombined } = machine;
  // The MPU has an older translation of this page, too. Only the first maintenance of the page takes that away; so it
  // is read again, and maintained once more.
  await cleanLines(machine, cacheable + page);
  await mpu.read(cacheable + page);
  await cleanLines(machine, cacheable + page);
  for (const at of [0, page]) {
    await mpu.read(combined + at);
    t.deepEqual(await told(), [], 'two mappings alone are not wrong');
    await mpu.read(cacheable + at);
    const name = (cacheable + at).toString(16);
    t.deepEqual(await told(), [`cache: an access through it to page 0x${name}, which is mapped past it (mpu0)`]);
  }
  await mpu.read(combined + 2 * page);
  await unmapCombined();
  await mpu.read(cacheable + 2 * page);
});

mapped('who goes wrong often is told of a few times a second', async (t, { mpu, told }) => {
  const [pages, most] = [200, 8];
  const began = performance.now();
  for (let i = 0; i < pages; i++) await mpu.write(cacheable + i * page, 1);
  for (let i = 0; i < pages; i++) await mpu.read(combined + i * page);
  const seconds = 1 + Math.ceil((performance.now() - began) / 1000);
  const count = (await told()).length;
  t.true(count > 0 && count <= seconds * most, `${count} in up to ${seconds} s`);
});
