// SPDX-License-Identifier: MIT
/*
 * What takes time: clocks, watchdogs, timers, DMA. The host may be late. So the tests only check that nothing comes too
 * early.
 */
import type { ExecutionContext } from 'ava';
import { Machine } from './stm32mp157/machine.ts';
import { dma1, dmamux, exti, gpioe, iwdg2, rcc, rtc, tim2, wwdg1 } from './stm32mp157/registers.ts';
import { until } from './stm32mp157/until.ts';
import { test } from '../together/counted.ts';

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

test.serial('an oscillator and a PLL are ready a while after they were asked for', async (t) => {
  const { bus } = await Machine.standing(t);
  const HSE = 1 << 8;
  const hseReady = async () => ((await bus.read(rcc.OCRDYR)) & HSE) !== 0;
  t.true(await hseReady(), 'the boot loader has started it');
  await bus.write(rcc.OCENCLRR, HSE);
  await until(async () => !(await hseReady()));
  const begin = now();
  await bus.write(rcc.OCENSETR, HSE);
  await until(hseReady);
  t.true(now() - begin >= 2, 'a crystal takes 2 ms');

  const PLLON = 1;
  const pllReady = async () => ((await bus.read(rcc.PLL3CR)) & 2) !== 0;
  t.true(await pllReady());
  await bus.write(rcc.PLL3CR, 0);
  await until(async () => !(await pllReady()));
  await bus.write(rcc.PLL3CR, PLLON);
  await until(pllReady);
});

/** This is so slow that a busy host sees each step. A step takes 0.3 s. */
const SLOW = 7 << 11;
const STEP_MS = (4096 * 128) / (208_877_930 / 8 / 16 / 1000);
const WDGA = 1 << 7;
const EWI = 1 << 9;

async function withWatchdog(t: ExecutionContext): Promise<Machine> {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  await machine.bus.write(rcc.MCUDIVR, 3);
  await machine.bus.write(rcc.APB1DIVR, 4);
  await machine.bus.write(rcc.MC_APB1ENSETR, 1 << 28);
  return machine;
}

test.serial('the window watchdog warns at 0x40, resets the MCU behind it, and tells the MPU', async (t) => {
  const machine = await withWatchdog(t);
  const { bus } = machine;
  await bus.write(exti.RTSR3, 1 << 4);
  await bus.write(exti.C1IMR3, 1 << 4);
  await bus.write(wwdg1.CFR, SLOW | EWI | 0x7f);
  await machine.awaitOnMcu(0);
  const steps = 1;
  const begin = now();
  await bus.write(wwdg1.CR, WDGA | (0x40 + steps));
  await until(async () => (await machine.taken(0)) === 1);
  t.true(now() - begin >= steps * STEP_MS, 'it warns no earlier');
  await until(async () => machine.pendingOnMpu(143));
  t.true(now() - begin >= (steps + 1) * STEP_MS, 'it bites no earlier');
  t.is((await bus.read(rcc.MC_RSTSCLRR)) & (1 << 10), 1 << 10, 'WWDG1RSTF');
  await machine.untilTurns('mcu');
  await bus.write(rcc.MC_APB1ENSETR, 1 << 28);
  t.is(await bus.read(wwdg1.CR), 0x7f, 'the watchdog begins again too');
});

test.serial('a window watchdog that is fed in its window does not bite; before its window it does', async (t) => {
  const machine = await withWatchdog(t);
  const { bus } = machine;
  const bitten = async () => ((await bus.read(rcc.MC_RSTSCLRR)) & (1 << 10)) !== 0;
  await bus.write(wwdg1.CFR, SLOW | 0x7f);
  await bus.write(wwdg1.CR, WDGA | 0x7f);
  for (let fed = 0; fed < 3; fed++) {
    const counter = (await bus.read(wwdg1.CR)) & 0x7f;
    await until(async () => ((await bus.read(wwdg1.CR)) & 0x7f) < counter - 1);
    await bus.write(wwdg1.CR, 0x7f);
    t.is((await bus.read(wwdg1.CR)) & WDGA, WDGA, 'it stays on');
  }
  t.false(await bitten());
  await bus.write(rcc.MC_APB1ENCLRR, 1 << 28);
  t.is((await bus.read(wwdg1.CR)) & WDGA, WDGA, 'its clock cannot be taken away');
  await bus.write(wwdg1.CFR, SLOW | 0x50);
  await bus.write(wwdg1.CR, 0x7f);
  t.true(await bitten());
});

test.serial('a window watchdog that starts with its counter run out bites at once', async (t) => {
  const { bus } = await withWatchdog(t);
  await bus.write(wwdg1.CR, WDGA);
  t.is((await bus.read(rcc.MC_RSTSCLRR)) & (1 << 10), 1 << 10);
});

test.serial('the independent watchdog resets the system, which can tell afterwards', async (t) => {
  const machine = await Machine.running(t);
  const { bus } = machine;
  t.is(await bus.read(rcc.MP_RSTSCLRR), 0x15, 'power on');
  await bus.write(rcc.MP_APB4ENSETR, 1 << 15);
  await bus.write(iwdg2.RLR, 10);
  t.deepEqual(await machine.said(), ['iwdg2: write of 0x0000000a at 0x008 refused: it is locked (no core)']);
  await bus.write(iwdg2.KR, 0x5555);
  await bus.write(iwdg2.PR, 4);
  const written = now();
  await bus.write(iwdg2.RLR, 99);
  // It takes five clocks of 32 kHz. A busy host may look later.
  const isTakingOver = (await bus.read(iwdg2.SR)) !== 0;
  t.true(isTakingOver || now() - written > 5 / 32, 'it takes the new values over');
  await bus.write(iwdg2.KR, 0xcccc);
  await until(async () => (await bus.read(iwdg2.SR)) === 0);
  const begin = now();
  await bus.write(iwdg2.KR, 0xaaaa);
  await until(async () => (await bus.read(rcc.MP_RSTSCLRR)) === 0x214);
  t.true(now() - begin >= (100 * 64) / 32, 'no earlier');
  t.is(await bus.read(rcc.MP_APB4ENSETR), 0, 'everything begins again');
});

const source = 0x1000_0000;
const target = 0xc100_0000;

/** Settings of a stream: memory to memory, words, both addresses move, no interrupts. */
const COPY = (2 << 6) | (1 << 9) | (1 << 10) | (2 << 11) | (2 << 13);
const [EN, HTIE, TCIE] = [1 << 0, 1 << 3, 1 << 4];
const [TEIF, HTIF, TCIF] = [1 << 3, 1 << 4, 1 << 5];

async function withDma(t: ExecutionContext): Promise<Machine> {
  const machine = await Machine.running(t);
  await machine.bootMcu();
  await machine.bus.write(rcc.MP_AHB2ENSETR, 0x7);
  await machine.bus.write(dma1.S0FCR, 0x4);
  return machine;
}

test.serial('a DMA copies memory, takes its time, and interrupts at the half and at the end', async (t) => {
  const machine = await withDma(t);
  const { bus } = machine;
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) & 0xff));
  for (const piece of [0, 1])
    await bus.writeBytes(source + piece * 2048, bytes.subarray(piece * 2048, (piece + 1) * 2048));
  await machine.awaitOnMcu(11);
  await bus.write(dma1.S0NDTR, 1024);
  await bus.write(dma1.S0PAR, source);
  await bus.write(dma1.S0M0AR, target);
  await bus.write(dma1.S0CR, COPY | HTIE | TCIE | EN);
  await until(async () => ((await bus.read(dma1.LISR)) & TCIF) !== 0);
  t.is((await bus.read(dma1.LISR)) & HTIF, HTIF);
  t.deepEqual(await bus.readBytes(target, 4096), bytes);
  t.is(await bus.read(dma1.S0NDTR), 0);
  t.is((await bus.read(dma1.S0CR)) & EN, 0);
  await until(async () => (await machine.taken(11)) === 1);
  t.true(await machine.pendingOnMpu(11));
  await bus.write(dma1.LIFCR, HTIF | TCIF);
  t.is(await bus.read(dma1.LISR), 0);
  t.false(await machine.pendingOnMpu(11));
  t.deepEqual(await machine.said(), []);
});

test.serial('a long copy is not there at once', async (t) => {
  const { bus } = await withDma(t);
  const items = 0xffff;
  await bus.write(dma1.S0NDTR, items);
  await bus.write(dma1.S0PAR, source);
  await bus.write(dma1.S0M0AR, target);
  const begin = now();
  await bus.write(dma1.S0CR, COPY | EN);
  await bus.write(dma1.S0NDTR, 5);
  await until(async () => ((await bus.read(dma1.LISR)) & TCIF) !== 0);
  t.true(now() - begin >= (items * 8) / 208_877.93);
});

test.serial('a stream that is switched off before its end says so, and goes no further', async (t) => {
  const machine = await withDma(t);
  const { bus } = machine;
  await bus.write(dmamux.C0CR, 22);
  await bus.write(dma1.S0NDTR, 100);
  await machine.awaitOnMcu(11);
  await bus.write(dma1.S0CR, TCIE | EN);
  t.is(await bus.read(dma1.LISR), 0);
  await bus.write(dma1.S0CR, TCIE);
  t.is(await bus.read(dma1.LISR), TCIF);
  await until(async () => (await machine.taken(11)) === 1);
  t.is(await bus.read(dma1.S0NDTR), 100);
  await bus.write(dma1.LIFCR, TCIF);
  await bus.write(dma1.S0CR, TCIE);
  t.is(await bus.read(dma1.LISR), 0);
});

test.serial('a DMA that is led to where nothing is stops with an error', async (t) => {
  const machine = await withDma(t);
  const { bus } = machine;
  await bus.write(dma1.S0NDTR, 4);
  await bus.write(dma1.S0PAR, 0x6000_0000);
  await bus.write(dma1.S0M0AR, target);
  await bus.write(dma1.S0CR, COPY | EN);
  await until(async () => ((await bus.read(dma1.LISR)) & TEIF) !== 0);
  t.is((await bus.read(dma1.S0CR)) & EN, 0);
  t.regex((await machine.said()).join('\n'), /bus: read at 0x60000000 refused: nothing is there/);
});

test.serial('what a stream does cannot be changed while it is enabled', async (t) => {
  const machine = await withDma(t);
  const { bus } = machine;
  await bus.write(dma1.S0NDTR, 0x8000);
  await bus.write(dmamux.C0CR, 22);
  await bus.write(dma1.S0CR, EN);
  await bus.write(dma1.S0PAR, source);
  await bus.write(dma1.S0CR, EN | COPY);
  t.is(await bus.read(dma1.S0PAR), 0);
  t.deepEqual(
    await machine.said(),
    [
      'dma: write of 0x40006800 at 0x018 refused: the stream is enabled (no core)',
      'dma: write of 0x00005681 at 0x010 refused: the stream is enabled (no core)',
    ].map((line) => line.replace('0x40006800', '0x10000000')),
  );
});

test.serial('a timer paces the DMA that takes a port', async (t) => {
  const { bus } = await withDma(t);
  const items = 2000;
  await bus.write(rcc.MP_APB1ENSETR, 1 << 0);
  await bus.write(rcc.MP_AHB4ENSETR, 1 << 4);
  await bus.write(gpioe.MODER, 0x5555_5555);
  await bus.write(gpioe.BSRR, 0xa55a);
  await bus.write(dmamux.C0CR, 22);
  await bus.write(dma1.S0NDTR, items);
  await bus.write(dma1.S0PAR, gpioe.IDR);
  await bus.write(dma1.S0M0AR, target);
  const halfWords = (1 << 11) | (1 << 13);
  await bus.write(dma1.S0CR, halfWords | (1 << 10) | EN);
  await bus.write(tim2.ARR, 2088);
  await bus.write(tim2.DIER, 1 << 8);
  const begin = now();
  await bus.write(tim2.CR1, 1);
  await until(async () => ((await bus.read(dma1.LISR)) & TCIF) !== 0);
  t.true(now() - begin >= items * 0.01 * 0.999, '100,000 a second');
  t.deepEqual(await bus.readBytes(target, items * 2), Buffer.alloc(items * 2, Buffer.of(0x5a, 0xa5)));
});

test.serial('a timer counts at its clock and says when it is round', async (t) => {
  const machine = await Machine.standing(t);
  const { bus } = machine;
  await bus.write(rcc.MP_APB1ENSETR, 1 << 0);
  await bus.write(tim2.PSC, 208);
  await bus.write(tim2.ARR, 49_999);
  await bus.write(tim2.CR1, 1);
  const begin = now();
  const first = await bus.read(tim2.CNT);
  await until(async () => ((await bus.read(tim2.SR)) & 1) !== 0);
  t.true(now() - begin >= (49_990 - first) / 1000, 'no earlier than its period');
  await bus.write(tim2.SR, 0);
  t.is((await bus.read(tim2.SR)) & 1, 0);
  await bus.read(tim2.CNT + 0x2c);
  t.deepEqual(await machine.said(), ['tim: read at 0x050 refused: no such register (no core)']);
});

test.serial('the clock has the time of this host until it is set, which takes its key', async (t) => {
  const machine = await Machine.standing(t);
  const { bus } = machine;
  const year = async () => ((await bus.read(rtc.DR)) >> 16) & 0xff;
  const bcd = (value: number) => Number.parseInt(value.toString(), 16);
  const host = () => new Date().getUTCFullYear() - 2000;
  const before = host();
  t.true([bcd(before), bcd(host())].includes(await year()));
  await bus.write(rtc.ICSR, 0x80);
  t.deepEqual(await machine.said(), ['rtc: write of 0x00000080 at 0x00c refused: it is locked (no core)']);
  for (const key of [0xca, 0x53]) await bus.write(rtc.WPR, key);
  await bus.write(rtc.ICSR, 0x80);
  t.is((await bus.read(rtc.ICSR)) & 0x40, 0x40, 'it can be set');
  await bus.write(rtc.DR, 0x31_c2_05);
  await bus.write(rtc.ICSR, 0);
  t.is(await year(), 0x31);
});
