// SPDX-License-Identifier: MIT
#include "ticks.h"

#include "core.h"

#define TICKS_PER_SECOND (1000000u / TICK_US)

/* Ticks taken. Two words, so it is read with interrupts off. */
static volatile uint64_t count;
static uint32_t cycles;

void ticks_start(uint32_t clock_hz)
{
	cycles = clock_hz / TICKS_PER_SECOND;
	SYST_RVR = cycles - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CORE_CLOCK;
}

void ticks_stop(void)
{
	SYST_CSR = 0;
}

void ticks_interrupt(void)
{
	count++;
}

/* A tick that has passed and was not taken yet counts, or time would go back. */
uint64_t ticks_us(void)
{
	uint32_t before = core_mask();
	uint32_t left = SYST_CVR;
	uint64_t ticks = count;

	if (SCB_ICSR & SCB_ICSR_PENDSTSET) {
		left = SYST_CVR;
		ticks++;
	}
	core_restore(before);
	/* The counter's 0 is the first moment of a tick, what it is loaded with the second. */
	return ticks * TICK_US + (left ? (cycles - left) * TICK_US / cycles : 0);
}
