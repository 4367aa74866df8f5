// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Machine } from './stm32mp157/machine.ts';
import { dma1, hsem, ipcc, iwdg2, rcc, rtc, tim2, wwdg1 } from './stm32mp157/registers.ts';
import { until } from './stm32mp157/until.ts';
import { test } from '../together/counted.ts';

/** The blocks that have a model. For each there are the offsets that change by themselves, or by being read. */
const blocks: Readonly<
  Record<string, { readonly base: number; readonly size?: number; readonly except?: readonly number[] }>
> = {
  tim2: { base: 0x4000_0000, except: [0x24] },
  tim5: { base: 0x4000_3000, except: [0x24] },
  wwdg1: { base: 0x4000_a000, except: [0x00] },
  uart4: { base: 0x4001_0000, except: [0x24] },
  dma1: { base: 0x4800_0000, except: [0x14] },
  dmamux: { base: 0x4800_2000 },
  hsem: { base: 0x4c00_0000, size: 0x80 },
  hsemInterrupts: { base: 0x4c00_0100, size: 0x50 },
  ipcc: { base: 0x4c00_1000 },
  rcc: { base: 0x5000_0000, size: 0x1000 },
  pwr: { base: 0x5000_1000 },
  gpioe: { base: 0x5000_6000 },
  exti: { base: 0x5000_d000 },
  syscfg: { base: 0x5002_0000 },
  gpioz: { base: 0x5400_4000 },
  iwdg2: { base: 0x5a00_2000, except: [0x0c] },
  rtc: { base: 0x5c00_4000, except: [0x00, 0x08] },
  etzpc: { base: 0x5c00_7000 },
  tamp: { base: 0x5c00_a000 },
};

async function registersOf(machine: Machine): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const [name, { base, size = 0x400, except = [] }] of Object.entries(blocks)) {
    const words = [];
    for (let offset = 0; offset < size; offset += 4) {
      words.push(except.includes(offset) ? '-' : (await machine.bus.read(base + offset)).toString(16));
    }
    all[name] = words.join(' ');
  }
  return all;
}

const enableEverything: readonly (readonly [number, number])[] = [
  [rcc.MP_APB1ENSETR, 0xffff_ffff],
  [rcc.MC_APB1ENSETR, 1 << 28],
  [rcc.MP_AHB2ENSETR, 0xffff_ffff],
  [rcc.MP_AHB3ENSETR, 0xffff_ffff],
  [rcc.MP_AHB4ENSETR, 0xffff_ffff],
  [rcc.MP_APB4ENSETR, 0xffff_ffff],
  [0x5000_0210, 0xffff_ffff],
  [0x5000_0a10, 0xffff_ffff],
];

test.serial('a machine that was saved goes on as it was, MCU, timers, DMA and watchdogs too', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'rpmsg-sdb-state-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const state = join(directory, 'state');
  const before = await Machine.running(t);
  const { bus } = before;
  await before.bootMcu();
  for (const [register, bits] of enableEverything) await bus.write(register, bits);

  // Each block is in the middle of some work.
  const bytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 0xff));
  await bus.writeBytes(0x1000_0000, bytes);
  await bus.write(ipcc.C1CR, 0x1_0001);
  await bus.write(ipcc.C1MR, 0x3e_003d);
  await bus.write(ipcc.C2SCR, 0x21_0000);
  await bus.write(hsem.R0 + 12, 0x8000_0107);
  await bus.write(0x5000_d040, 0x10);
  await bus.write(0x5000_d048, 0x10);
  await bus.write(0x5000_6000, 0x1234_5678);
  await bus.write(0x5000_6018, 0x00a5);
  await bus.write(0x5400_4014, 0x3c);
  await bus.write(0x5002_0004, 0x30);
  await bus.write(0x5c00_a104, 0xcafe_f00d);
  for (const key of [0xca, 0x53]) await bus.write(rtc.WPR, key);
  await bus.write(rtc.ICSR, 0x80);
  await bus.write(rtc.DR, 0x31_c2_05);
  await bus.write(rtc.ICSR, 0);
  await bus.write(tim2.PSC, 208);
  await bus.write(tim2.CR1, 1);
  await bus.write(iwdg2.KR, 0x5555);
  await bus.write(iwdg2.RLR, 0x123);
  await bus.write(0x4800_2000, 22);
  await bus.write(dma1.S0NDTR, 256);
  await bus.write(dma1.S0PAR, 0x1000_0000);
  await bus.write(dma1.S0M0AR, 0xc100_0000);
  await bus.write(dma1.S0CR, (1 << 9) | (1 << 10) | (2 << 11) | 1);
  // With this a step of the watchdog takes 0.3 s.
  await bus.write(rcc.MCUDIVR, 3);
  await bus.write(rcc.APB1DIVR, 4);
  await bus.write(wwdg1.CFR, (7 << 11) | 0x7f);
  await before.untilTurns('mcu');
  await until(async () => (await bus.read(iwdg2.SR)) === 0);
  await bus.write(wwdg1.CR, 0xc3);

  await before.save(state);
  const registers = await registersOf(before);
  const [turns, count, watchdog] = [await before.turns('mcu'), await bus.read(tim2.CNT), await bus.read(wwdg1.CR)];

  const after = await Machine.running(t, '-incoming', `exec:cat ${state}`);
  await until(async () => (await after.turns('mcu')) === turns);
  t.deepEqual(await registersOf(after), registers);
  t.is(await after.bus.read(tim2.CNT), count);
  t.is(await after.bus.read(wwdg1.CR), watchdog);

  await after.resume();
  await after.untilTurns('mcu');
  t.is(await after.mcu.read(rcc.IDR), 1);
  await until(async () => (await after.bus.read(tim2.CNT)) > count);
  // What the timer asks for from now on reaches the stream that was set up before the snapshot.
  await after.bus.write(tim2.CR1, 0);
  await after.bus.write(tim2.PSC, 0);
  await after.bus.write(tim2.ARR, 1000);
  await after.bus.write(tim2.DIER, 1 << 8);
  await after.bus.write(tim2.CR1, 1);
  await until(async () => ((await after.bus.read(dma1.LISR)) & (1 << 5)) !== 0);
  t.deepEqual(await after.bus.readBytes(0xc100_0000, 1024), bytes);
  // The watchdog that ran before the snapshot bites.
  await until(async () => ((await after.bus.read(rcc.MC_RSTSCLRR)) & (1 << 10)) !== 0);
  await after.untilTurns('mcu');
});
