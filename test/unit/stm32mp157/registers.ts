// SPDX-License-Identifier: MIT
/** Addresses of registers, named as in RM0436. */

function block<Name extends string>(
  base: number,
  offsets: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const entries = Object.entries<number>(offsets).map(([name, offset]) => [name, base + offset]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

export const rcc = block(0x5000_0000, {
  OCENSETR: 0x00c,
  OCENCLRR: 0x010,
  PLL1CFGR1: 0x084,
  MP_GCR: 0x10c,
  MP_GRSTCSETR: 0x404,
  MP_RSTSCLRR: 0x408,
  OCRDYR: 0x808,
  PLL3CR: 0x880,
  MCUDIVR: 0x830,
  APB1DIVR: 0x834,
  APB1RSTSETR: 0x980,
  AHB3RSTSETR: 0x9a0,
  AHB3RSTCLRR: 0x9a4,
  MP_APB1ENSETR: 0xa00,
  MP_AHB2ENSETR: 0xa18,
  MP_AHB3ENSETR: 0xa20,
  MP_AHB3ENCLRR: 0xa24,
  MP_AHB4ENSETR: 0xa28,
  MP_APB4ENSETR: 0x200,
  MC_APB1ENSETR: 0xa80,
  MC_APB1ENCLRR: 0xa84,
  MC_AHB3ENSETR: 0xaa0,
  MC_RSTSCLRR: 0xc00,
  IDR: 0xff8,
});

export const ipcc = block(0x4c00_1000, {
  C1CR: 0x00,
  C1MR: 0x04,
  C1SCR: 0x08,
  C1TOC2SR: 0x0c,
  C2CR: 0x10,
  C2MR: 0x14,
  C2SCR: 0x18,
  C2TOC1SR: 0x1c,
  HWCFGR: 0x3f0,
});

export const exti = block(0x5000_d000, {
  RTSR3: 0x40,
  FTSR3: 0x44,
  SWIER3: 0x48,
  RPR3: 0x4c,
  C1IMR3: 0xa0,
  HWCFGR4: 0x3e4,
});

export const wwdg1 = block(0x4000_a000, { CR: 0x0, CFR: 0x4, SR: 0x8 });
export const iwdg2 = block(0x5a00_2000, { KR: 0x0, PR: 0x4, RLR: 0x8, SR: 0xc });
export const hsem = block(0x4c00_0000, { R0: 0x0, RLR0: 0x80, C1IER: 0x100, C1ISR: 0x108 });
export const tim2 = block(0x4000_0000, { CR1: 0x00, DIER: 0x0c, SR: 0x10, EGR: 0x14, CNT: 0x24, PSC: 0x28, ARR: 0x2c });
export const dma1 = block(0x4800_0000, {
  LISR: 0x00,
  LIFCR: 0x08,
  S0CR: 0x10,
  S0NDTR: 0x14,
  S0PAR: 0x18,
  S0M0AR: 0x1c,
  S0FCR: 0x24,
});
export const dmamux = block(0x4800_2000, { C0CR: 0x00 });
export const gpioe = block(0x5000_6000, { MODER: 0x00, IDR: 0x10, BSRR: 0x18 });
export const rtc = block(0x5c00_4000, { TR: 0x00, DR: 0x04, ICSR: 0x0c, PRER: 0x10, WPR: 0x24 });
export const nvic = block(0xe000_e000, { ISER: 0x100, ISPR: 0x200 });

/** GICD_ISPENDR: the MPU's interrupts that are pending, or whose level is up. */
export const gicdIspendr = 0xa002_1200;
