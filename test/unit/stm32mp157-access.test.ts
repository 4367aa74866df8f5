// SPDX-License-Identifier: MIT
import { Machine } from './stm32mp157/machine.ts';
import { gpioe, ipcc, rcc } from './stm32mp157/registers.ts';
import { test } from '../together/counted.ts';

const IPCC = 1 << 12;
const GPIOE = 1 << 4;

test.serial('a block whose clock is off does nothing, and says so', async (t) => {
  const machine = await Machine.standing(t);
  await machine.bus.write(ipcc.C1MR, 0);
  t.is(await machine.bus.read(ipcc.C1MR), 0);
  t.deepEqual(await machine.said(), [
    'ipcc: write of 0x00000000 at 0x004 refused: its clock is off (no core)',
    'ipcc: read at 0x004 refused: its clock is off (no core)',
  ]);
  await machine.bus.write(rcc.MP_AHB3ENSETR, IPCC);
  t.is(await machine.bus.read(ipcc.C1MR), 0xffff_ffff);
  await machine.bus.write(rcc.MP_AHB3ENCLRR, IPCC);
  t.is(await machine.bus.read(ipcc.C1MR), 0);
  t.deepEqual(await machine.said(), ['ipcc: read at 0x004 refused: its clock is off (no core)']);
});

test.serial('the clock that the MCU asks for is enough', async (t) => {
  const machine = await Machine.standing(t);
  await machine.bus.write(rcc.MC_AHB3ENSETR, IPCC);
  t.is(await machine.bus.read(ipcc.C1MR), 0xffff_ffff);
  t.deepEqual(await machine.said(), []);
});

test.serial('a reset by the RCC takes a block back to its beginning, and holds it there', async (t) => {
  const machine = await Machine.standing(t);
  await machine.bus.write(rcc.MP_AHB3ENSETR, IPCC);
  await machine.bus.write(ipcc.C1CR, 0x1_0001);
  await machine.bus.write(rcc.AHB3RSTSETR, IPCC);
  t.is(await machine.bus.read(ipcc.C1CR), 0);
  t.deepEqual(await machine.said(), ['ipcc: read at 0x000 refused: it is held in reset (no core)']);
  await machine.bus.write(rcc.AHB3RSTCLRR, IPCC);
  t.is(await machine.bus.read(ipcc.C1CR), 0);
  t.deepEqual(await machine.said(), []);
});

test.serial('a register that is not there, and one that cannot be written, are refused', async (t) => {
  const machine = await Machine.standing(t);
  await machine.bus.write(rcc.MP_AHB3ENSETR, IPCC);
  await machine.bus.write(rcc.MP_AHB4ENSETR, GPIOE);
  await machine.bus.read(ipcc.C1CR + 0x20);
  await machine.bus.write(ipcc.C1TOC2SR, 1);
  await machine.bus.read(gpioe.IDR + 0x100);
  await machine.bus.write(rcc.IDR + 0x20 - 0x38, 1);
  t.deepEqual(await machine.said(), [
    'ipcc: read at 0x020 refused: no such register (no core)',
    'ipcc: write of 0x00000001 at 0x00c refused: the register is read only (no core)',
    'gpio: read at 0x110 refused: no such register (no core)',
    'rcc: write of 0x00000001 at 0xfe0 refused: no such register (no core)',
  ]);
});

test.serial('what is not modelled reads as 0, and says so', async (t) => {
  const machine = await Machine.standing(t);
  t.is(await machine.bus.read(0x5a00_3000), 0);
  t.deepEqual(await machine.said(), ['ddrctrl: read at 0x000']);
});

test.serial('an access by a core is logged with the place in its program', async (t) => {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  await machine.said();
  t.is(await machine.mcu.read(ipcc.C1MR), 0);
  t.is(await machine.mpu.read(ipcc.C1MR), 0);
  t.deepEqual(await machine.said(), [
    'ipcc: read at 0x004 refused: its clock is off (mcu)',
    'ipcc: read at 0x004 refused: its clock is off (mpu0)',
  ]);
});

test.serial('an address where nothing is takes either core to its fault', async (t) => {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  await machine.said();
  const [precise, addressValid] = [1 << 9, 1 << 15];
  t.is(await machine.mcu.faultOfRead(0x4000_0400), precise | addressValid);
  const externalAbort = 0x008;
  t.is((await machine.mpu.faultOfRead(0x4000_0400)) & 0x40f, externalAbort);
  t.is(await machine.mcu.faultOfRead(rcc.IDR), 0);
  t.is(await machine.mpu.faultOfRead(rcc.IDR), 0);
  t.deepEqual(await machine.said(), [
    'bus: read at 0x40000400 refused: nothing is there (mcu)',
    'bus: read at 0x40000400 refused: nothing is there (mpu0)',
  ]);
});
