// SPDX-License-Identifier: MIT
/* What stands between the two kinds of core: mailbox, reset, interrupts, semaphores. */
import type { ExecutionContext } from 'ava';
import { Machine } from './stm32mp157/machine.ts';
import { exti, hsem, ipcc, nvic, rcc } from './stm32mp157/registers.ts';
import { until } from './stm32mp157/until.ts';
import { test } from '../together/counted.ts';

const irqs = { rx0: 100, tx0: 101, rx1: 103, tx1: 104, hsem: 125 };
const ON = 0x1_0001;

/** Both cores run. The mailbox has its clock, and its interrupts are on. Only the channels' masks hold them back. */
async function withMailbox(t: ExecutionContext): Promise<Machine> {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  await machine.bus.write(rcc.MP_AHB3ENSETR, 1 << 12);
  await machine.bus.write(ipcc.C1CR, ON);
  await machine.bus.write(ipcc.C2CR, ON);
  return machine;
}

test.serial('a channel is free, occupied by its sender, and freed by its receiver alone', async (t) => {
  const { bus } = await withMailbox(t);
  for (const channel of [0, 3, 5]) {
    await bus.write(ipcc.C1SCR, 1 << (16 + channel));
    t.is(await bus.read(ipcc.C1TOC2SR), 1 << channel);
    await bus.write(ipcc.C1SCR, 1 << channel);
    t.is(await bus.read(ipcc.C1TOC2SR), 1 << channel, 'the sender does not free it');
    await bus.write(ipcc.C2SCR, 1 << channel);
    t.is(await bus.read(ipcc.C1TOC2SR), 0);
  }
  await bus.write(ipcc.C1SCR, 0xffff_0000);
  t.is(await bus.read(ipcc.C1TOC2SR), 0x3f, 'there are six of them');
  t.is(await bus.read(ipcc.C2TOC1SR), 0);
  t.is((await bus.read(ipcc.HWCFGR)) & 0xff, 6);
});

test.serial(
  'an occupied channel interrupts its receiver, a freed one its sender, each behind its own mask',
  async (t) => {
    const machine = await withMailbox(t);
    const { bus, mcu } = machine;
    await machine.awaitOnMcu(irqs.rx1);
    await bus.write(ipcc.C1SCR, 1 << 17);
    await machine.untilTurns('mcu');
    t.is(await machine.taken(irqs.rx1), 0, 'masked');
    t.false(await machine.pendingOnMpu(irqs.tx0));
    await mcu.write(ipcc.C2MR, ~(1 << 1));
    await until(async () => (await machine.taken(irqs.rx1)) === 1);
    await bus.write(ipcc.C1MR, ~(1 << 17));
    t.false(await machine.pendingOnMpu(irqs.tx0), 'not free yet');
    await mcu.write(ipcc.C2SCR, 1 << 1);
    t.true(await machine.pendingOnMpu(irqs.tx0));
    await bus.write(ipcc.C1MR, 0xffff_ffff);
    t.false(await machine.pendingOnMpu(irqs.tx0));

    await mcu.write(ipcc.C2SCR, 1 << 16);
    t.false(await machine.pendingOnMpu(irqs.rx0), 'masked');
    await bus.write(ipcc.C1MR, ~(1 << 0));
    t.true(await machine.pendingOnMpu(irqs.rx0));
    await bus.write(ipcc.C1CR, 0);
    t.false(await machine.pendingOnMpu(irqs.rx0), 'not enabled');
  },
);

test.serial('the MCU is held until BOOT_MCU, runs on without it, and is held again after a reset', async (t) => {
  const machine = await Machine.running(t);
  const { bus } = machine;
  t.is(await machine.turns('mcu'), 0);
  await machine.bootMcu();
  await bus.write(rcc.MP_GCR, 0);
  await machine.untilTurns('mcu');
  t.is((await bus.read(rcc.MC_RSTSCLRR)) & (1 << 5), 0);
  await bus.write(rcc.MP_GRSTCSETR, 1 << 1);
  t.is((await bus.read(rcc.MC_RSTSCLRR)) & (1 << 5), 1 << 5, 'MCURSTF');
  await machine.untilStill('mcu');
  const held = await machine.turns('mcu');
  await machine.untilTurns('mpu');
  t.is(await machine.turns('mcu'), held);
  await machine.bootMcu();
  t.deepEqual(await machine.said(), []);
});

test.serial('the MCU runs what the MPU has loaded last, be it the same as before or another', async (t) => {
  const machine = await Machine.running(t);
  const { bus, mcu, mpu } = machine;
  await machine.bootMcu();
  const [at, alias] = [0x1000_8000, 0x3000_8000];
  /** movs r0, #n; bx lr */
  const returning = (n: number) => 0x4770_2000 | n;
  const runs = () => mcu.run(at + 1);
  for (const n of [1, 1, 2, 2, 1]) {
    await mpu.write(at, returning(n));
    t.is(await runs(), n);
    t.is(await mpu.read(at), returning(n));
  }
  await bus.writeBytes(at, Buffer.of(3));
  t.is(await runs(), 3, 'a byte of it');
  const longer = Buffer.alloc(14);
  longer.writeUInt32LE(returning(6), 2);
  await bus.writeBytes(at - 2, longer);
  t.is(await runs(), 6, 'in several widths, of which one begins before it');
  await mpu.write(alias, returning(4));
  t.is(await runs(), 4, 'at the alias');
  await mcu.write(at, returning(5));
  t.is(await runs(), 5, 'by itself');
  t.is(await mpu.read(at), returning(5));
  t.deepEqual(await machine.said(), []);
});

test.serial('a reset of the MCU while BOOT_MCU is set begins it again', async (t) => {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  const irq = irqs.hsem;
  await machine.awaitOnMcu(irq);
  t.not(await machine.mcu.read(nvic.ISER + (irq >> 5) * 4), 0);
  await machine.bus.write(rcc.MP_GRSTCSETR, 1 << 1);
  await machine.untilTurns('mcu');
  t.is(await machine.mcu.read(nvic.ISER + (irq >> 5) * 4), 0, 'its interrupt controller begins too');
});

test.serial('only configurable lines of the EXTI can be set up', async (t) => {
  const { bus } = await Machine.standing(t);
  t.is(await bus.read(exti.HWCFGR4), 0x616);
  await bus.write(exti.RTSR3, 0xffff_ffff);
  t.is(await bus.read(exti.RTSR3), 0x616);
  t.is(await bus.read(exti.C1IMR3), 0xde9);
});

test.serial(
  'a line of the EXTI that is raised stays pending until it is cleared, and interrupts if it is let through',
  async (t) => {
    const machine = await Machine.running(t);
    const { bus } = machine;
    const line68 = 1 << 4;
    const spi = 143;
    await bus.write(exti.SWIER3, line68);
    t.is(await bus.read(exti.RPR3), line68);
    t.false(await machine.pendingOnMpu(spi));
    await bus.write(exti.C1IMR3, line68);
    t.true(await machine.pendingOnMpu(spi));
    await bus.write(exti.RPR3, line68);
    t.is(await bus.read(exti.RPR3), 0);
    t.false(await machine.pendingOnMpu(spi));
  },
);

test.serial('a semaphore belongs to the core that took it, and says when it is free', async (t) => {
  const machine = await Machine.running(t);
  const { bus, mcu, mpu } = machine;
  await machine.bootMcu();
  await bus.write(rcc.MP_AHB3ENSETR, 1 << 11);
  await bus.write(hsem.C1IER, 1 << 4);
  const fourth = 4 * 4;
  const ofMcu = 0x8000_0200;
  t.is(await mcu.read(hsem.RLR0 + fourth), ofMcu);
  t.is(await mpu.read(hsem.RLR0 + fourth), ofMcu, 'the other core finds it taken');
  await mpu.write(hsem.R0 + fourth, 0x100);
  t.is(await mpu.read(hsem.R0 + fourth), ofMcu);
  await mpu.write(hsem.R0 + fourth, 0x200);
  t.is(await mpu.read(hsem.R0 + fourth), ofMcu);
  t.false(await machine.pendingOnMpu(irqs.hsem));
  await mcu.write(hsem.R0 + fourth, 0x200);
  t.is(await mpu.read(hsem.R0 + fourth), 0);
  t.true(await machine.pendingOnMpu(irqs.hsem));
  t.deepEqual(await machine.said(), ['hsem: write of 0x00000200 at 0x010 refused: the number of another core (mpu0)']);
});
