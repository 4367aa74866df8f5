// SPDX-License-Identifier: MIT
/* Linux sets up the clock. It is read here and never changed: RM0436, chapter "RCC clock". */
#include "clock.h"

#include "registers.h"

#define HSI_HZ 64000000u
/* The crystal of ST's boards; another one needs another number. */
#define HSE_HZ 24000000u
#define CSI_HZ 4000000u

#define FROM_PLL3     3
#define MCUDIV_MAX    9
#define APB1DIV_MAX   4
#define FRACTION_BITS 13

/* The three oscillators have the same numbers in every selection register. */
static uint32_t oscillator_hz(uint32_t selection)
{
	switch (selection & 3) {
	case 0:
		return HSI_HZ >> (RCC_HSICFGR & 3);
	case 1:
		return HSE_HZ;
	default:
		return CSI_HZ;
	}
}

static uint32_t pll3_p_hz(void)
{
	uint32_t multiplier = (RCC_PLL3CFGR1 & 0x1ff) + 1;
	uint32_t divider = (RCC_PLL3CFGR1 >> 16 & 0x3f) + 1;
	uint32_t output = (RCC_PLL3CFGR2 & 0x7f) + 1;
	uint32_t fraction = RCC_PLL3FRACR;
	uint64_t hz = (uint64_t)multiplier << FRACTION_BITS;

	if (fraction & RCC_PLL3FRACR_FRACLE)
		hz += fraction >> 3 & ((1u << FRACTION_BITS) - 1);
	hz *= oscillator_hz(RCC_RCK3SELR) / divider;
	return (uint32_t)(hz >> FRACTION_BITS) / output;
}

/* What the core itself runs at. */
static uint32_t mcu_hz(void)
{
	uint32_t selection = RCC_MSSCKSELR & 3;
	uint32_t divider = RCC_MCUDIVR & 0xf;

	if (divider > MCUDIV_MAX)
		divider = MCUDIV_MAX;
	return (selection == FROM_PLL3 ? pll3_p_hz() : oscillator_hz(selection)) >> divider;
}

uint32_t clock_timer_hz(void)
{
	uint32_t divider = RCC_APB1DIVR & 7;
	uint32_t shift = RCC_TIMG1PRER & 1 ? 2 : 1;

	if (divider > APB1DIV_MAX)
		divider = APB1DIV_MAX;
	/* Timers run at two or four times the bus's clock, but never faster than the core. */
	return mcu_hz() >> (divider > shift ? divider - shift : 0);
}
