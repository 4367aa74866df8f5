// SPDX-License-Identifier: MIT
/* The MPU's translations. It keeps each until a domain, a space or an order takes it away, and not a moment longer. */
import type { ExecutionContext } from 'ava';
import { Machine } from './stm32mp157/machine.ts';
import { test } from '../together/counted.ts';

const table = 0xc000_0000;
const pageTable = table + 0x4000;
/** Pages of an application: a MiB of small pages, not global, in a domain of their own. */
const application = 0xd000_0000;
const applicationDomain = 1;
const memory = 0xc100_0000;
const pages = 256;

/** Values of DACR. The kernel's domain 0 is open; the application's is open or closed. */
const domains = { open: 0x1 | (0x1 << (2 * applicationDomain)), closed: 0x1 } as const;
/** DFSR and IFSR after a domain fault of a page: status 0b01011, and the domain. */
const domainFault = (applicationDomain << 4) | 0xb;

/** The descriptor of a small page: normal memory without a cache, read and written by all, not global. */
const smallPage = (physical: number): number => (physical | (1 << 11) | (1 << 6) | (3 << 4) | 2) >>> 0;

const page = (index: number): number => application + index * 0x1000;

/**
 * Maps the application's pages to memory. Each page has its own number in it. All other memory stands at its physical
 * address.
 */
async function mapped(t: ExecutionContext): Promise<Machine> {
  const machine = await Machine.running(t);
  const { bus, mpu } = machine;
  const section = 0xc02;
  const first = Buffer.alloc(0x4000);
  for (let mib = 0; mib < 0x1000; mib++) first.writeUInt32LE(((mib << 20) | section) >>> 0, mib * 4);
  first.writeUInt32LE((pageTable | (applicationDomain << 5) | 1) >>> 0, (application >>> 20) * 4);
  for (let at = 0; at < first.length; at += 0x400) await bus.writeBytes(table + at, first.subarray(at, at + 0x400));
  for (let index = 0; index < pages; index++) await mapPage(machine, index, index);
  await mpu.order('map', table);
  await mpu.order('domains', domains.open);
  await mpu.order('space', 1);
  return machine;
}

/** Maps a page to another place by changing the table alone. The new page has its own number in it. */
async function mapPage({ bus }: Machine, index: number, to: number): Promise<void> {
  await bus.write(memory + to * 0x1000, 0x1000 + to);
  await bus.write(pageTable + index * 4, smallPage(memory + to * 0x1000));
}

test('pages of a closed domain are not reached, however many were reached before, and are again when it is open', async (t) => {
  const { mpu } = await mapped(t);
  for (const count of [1, 5, 16, 17, 40]) {
    for (let index = 0; index < count; index++) t.is(await mpu.read(page(index)), 0x1000 + index);
    await mpu.order('domains', domains.closed);
    for (let index = 0; index < count; index++)
      t.is(await mpu.faultOfRead(page(index)), domainFault, `${count}: ${index}`);
    await mpu.order('domains', domains.open);
    t.is(await mpu.faultOfRead(page(0)), 0);
  }
});

test('another space has its own pages, and finds nothing of the one before', async (t) => {
  const machine = await mapped(t);
  const { mpu } = machine;
  t.is(await mpu.read(page(3)), 0x1003);
  t.is(await mpu.readAsApplication(page(3)), 0x1003);
  await mapPage(machine, 3, 8);
  await mpu.order('space', 2);
  t.is(await mpu.read(page(3)), 0x1008);
  t.is(await mpu.readAsApplication(page(3)), 0x1008);
  await mapPage(machine, 3, 9);
  await mpu.order('space', 1);
  t.is(await mpu.read(page(3)), 0x1009);
});

test('what was closed while another space was entered is not that of the space before', async (t) => {
  const machine = await mapped(t);
  const { mpu } = machine;
  t.is(await mpu.read(page(3)), 0x1003);
  await mpu.order('domains', domains.closed);
  await mapPage(machine, 3, 8);
  await mpu.order('space', 2);
  await mpu.order('domains', domains.open);
  t.is(await mpu.read(page(3)), 0x1008);
});

for (const [title, order, address] of [
  ['the page', 'forgetPage', page(3) | 1],
  ['its space', 'forgetSpace', 1],
  ['all', 'forgetAll', 0],
] as const) {
  test(`an order to forget ${title} is obeyed at once`, async (t) => {
    const machine = await mapped(t);
    const { mpu } = machine;
    t.is(await mpu.read(page(3)), 0x1003);
    await mapPage(machine, 3, 8);
    await mpu.order(order, address);
    t.is(await mpu.read(page(3)), 0x1008);
  });
}

test('a page of the kernel is forgotten when that is ordered, with more of them in use than there is room for', async (t) => {
  const machine = await mapped(t);
  const { bus, mpu } = machine;
  const global = (physical: number): number => (smallPage(physical) & ~(1 << 11)) >>> 0;
  await bus.write(table + (application >>> 20) * 4, pageTable | 1);
  await mpu.order('forgetAll', 0);
  for (let index = 0; index < pages; index++) await bus.write(pageTable + index * 4, global(memory + index * 0x1000));
  for (let index = 0; index < pages; index++) t.is(await mpu.read(page(index)), 0x1000 + index);
  await bus.write(pageTable + 7 * 4, global(memory + 8 * 0x1000));
  await mpu.order('forgetPage', page(7));
  t.is(await mpu.read(page(7)), 0x1008);
});

test('a section is forgotten whole, whichever of its addresses an order names', async (t) => {
  const { bus, mpu } = await mapped(t);
  const section = 0xd100_0000;
  const mapSection = (mib: number): Promise<void> =>
    bus.write(table + (section >>> 20) * 4, ((mib << 20) | 0xc02) >>> 0);
  for (const [index, mib] of [0xc20, 0xc21].entries())
    for (const at of [0, 0x3000]) await bus.write(mib * 0x10_0000 + at, 0x2000 + index);
  await mapSection(0xc20);
  await mpu.order('forgetAll', 0);
  for (const at of [0, 0x3000]) t.is(await mpu.read(section + at), 0x2000);
  await mapSection(0xc21);
  await mpu.order('forgetPage', section + 0x5000);
  for (const at of [0, 0x3000]) t.is(await mpu.read(section + at), 0x2001);
});

/** The offset of code in each page, behind the page's number: movw r0, #number; bx lr. */
const code = 0x10;

/**
 * Does what mapped() does, and puts a function into each page that returns the page's number. remap() changes what is
 * mapped where.
 */
async function mappedCode(t: ExecutionContext): Promise<Machine> {
  const machine = await mapped(t);
  for (let index = 0; index < pages; index++) {
    await machine.bus.write(memory + index * 0x1000 + code, (0xe301_0000 | index) >>> 0);
    await machine.bus.write(memory + index * 0x1000 + code + 4, 0xe12f_ff1e);
  }
  return machine;
}

const remap = ({ bus }: Machine, index: number, to: number): Promise<void> =>
  bus.write(pageTable + index * 4, smallPage(memory + to * 0x1000));

test('what the kernel has run in a page of an application, it does not run when the domain is closed', async (t) => {
  const { mpu } = await mappedCode(t);
  t.is(await mpu.run(page(3) + code), 0x1003);
  await mpu.order('domains', domains.closed);
  t.is(await mpu.faultOfRun(page(3) + code), domainFault);
  await mpu.order('domains', domains.open);
  t.is(await mpu.run(page(3) + code), 0x1003);
});

for (const [who, run] of [
  ['application', 'runAsApplication'],
  ['kernel', 'run'],
] as const) {
  test(`the ${who} runs each of many spaces' own code at the same address, however often they change`, async (t) => {
    const machine = await mappedCode(t);
    const { mpu } = machine;
    for (const space of [...Array.from({ length: 20 }, (_, i) => i + 1), 1, 20, 2, 10, 2, 1]) {
      await remap(machine, 3, space);
      await mpu.order('space', space);
      t.is(await mpu[run](page(3) + code), 0x1000 + space, `${space}`);
    }
  });
}

for (const [title, order, address] of [
  ['a page', 'forgetPage', page(3) | 1],
  ['a space', 'forgetSpace', 1],
  ['all', 'forgetAll', 0],
] as const) {
  test(`an order to forget ${title} holds for code, in the space that runs and in one that ran before`, async (t) => {
    const machine = await mappedCode(t);
    const { mpu } = machine;
    t.is(await mpu.runAsApplication(page(3) + code), 0x1003);
    await remap(machine, 3, 8);
    await mpu.order(order, address);
    t.is(await mpu.runAsApplication(page(3) + code), 0x1008);
    await mpu.order('space', 2);
    t.is(await mpu.runAsApplication(page(3) + code), 0x1008);
    await mpu.order('space', 1);
    t.is(await mpu.runAsApplication(page(3) + code), 0x1008);
    await mpu.order('space', 2);
    await remap(machine, 3, 9);
    await mpu.order(order, address);
    await mpu.order('space', 1);
    t.is(await mpu.runAsApplication(page(3) + code), 0x1009);
  });
}

test('code of the kernel that is mapped anew is forgotten in all spaces', async (t) => {
  const machine = await mappedCode(t);
  const { bus, mpu } = machine;
  const global = (physical: number): number => (smallPage(physical) & ~(1 << 11)) >>> 0;
  await bus.write(table + (application >>> 20) * 4, pageTable | 1);
  await bus.write(pageTable + 3 * 4, global(memory + 3 * 0x1000));
  await mpu.order('forgetAll', 0);
  for (const space of [1, 2]) {
    await mpu.order('space', space);
    t.is(await mpu.run(page(3) + code), 0x1003);
  }
  await bus.write(pageTable + 3 * 4, global(memory + 8 * 0x1000));
  await mpu.order('forgetPage', page(3));
  for (const space of [2, 1]) {
    await mpu.order('space', space);
    t.is(await mpu.run(page(3) + code), 0x1008);
  }
});
