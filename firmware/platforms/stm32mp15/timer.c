// SPDX-License-Identifier: MIT
#include "timer.h"

#include "clock.h"
#include "registers.h"

#define HALF_RANGE	 0x80000000u
#define LONGEST_WAIT_US	 0x40000000u
#define SHORTEST_WAIT_US 5u

/* A count is a bit less than a microsecond: the prescaler divides by whole numbers. In units of 2^-32. */
static uint32_t us_per_count, more_counts_per_us;

/* A moment in the past. It is never older than half the counter's range. */
static uint32_t base_count;
static uint64_t base_us;

void timer_start(void)
{
	uint32_t hz = clock_timer_hz();
	uint32_t prescaler = hz / 1000000;
	uint64_t nearly_hz = (uint64_t)prescaler * 1000000;
	uint64_t exact = (nearly_hz << 32) / hz;

	us_per_count = exact > UINT32_MAX ? UINT32_MAX : (uint32_t)exact;
	more_counts_per_us = (uint32_t)(((uint64_t)(hz - (uint32_t)nearly_hz) << 32) / nearly_hz);
	base_count = 0;
	base_us = 0;

	RCC_MC_APB1ENSETR = RCC_MC_APB1ENSETR_TIM5EN;
	(void)RCC_MC_APB1ENSETR;
	/*
	 * An earlier run of the firmware may have left it on: a reset of this core does not reset
	 * the timer.
	 */
	TIM5_CR1 = 0;
	TIM5_DIER = 0;
	TIM5_ARR = UINT32_MAX;
	TIM5_PSC = prescaler - 1;
	/* The timer takes the prescaler at an update. This makes one. */
	TIM5_EGR = TIM_UPDATE;
	TIM5_SR = 0;
	TIM5_CR1 = TIM5_CR1_CEN;
	NVIC_ISER(IRQ_TIM5) = NVIC_BIT(IRQ_TIM5);
}

void timer_stop(void)
{
	TIM5_CR1 = 0;
	TIM5_DIER = 0;
}

uint64_t timer_us(void)
{
	uint32_t now = TIM5_CNT;
	uint32_t since = now - base_count;
	uint32_t since_us = (uint32_t)((uint64_t)since * us_per_count >> 32);

	if (since > HALF_RANGE) {
		base_count = now;
		base_us += since_us;
		since_us = 0;
	}
	return base_us + since_us;
}

bool timer_wake_at(uint64_t us)
{
	uint64_t now = timer_us();
	uint32_t wait;

	if (us < now + SHORTEST_WAIT_US)
		return false;
	wait = us - now > LONGEST_WAIT_US ? LONGEST_WAIT_US : (uint32_t)(us - now);
	wait += (uint32_t)((uint64_t)wait * more_counts_per_us >> 32);
	TIM5_SR = ~TIM_COMPARE1;
	TIM5_DIER = TIM_COMPARE1;
	wait += TIM5_CNT;
	TIM5_CCR1 = wait;
	/*
	 * The comparison is for equality. A core that did not run for a while may set it too late.
	 */
	if ((int32_t)(wait - TIM5_CNT) <= 0)
		TIM5_EGR = TIM_COMPARE1;
	return true;
}

void timer_interrupt(void)
{
	TIM5_DIER = 0;
	/* Read it back, so that the interrupt is gone before its handler returns. */
	(void)TIM5_DIER;
}
