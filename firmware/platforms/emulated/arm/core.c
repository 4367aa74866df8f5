// SPDX-License-Identifier: MIT
#include "core.h"

#define TIMER_ENABLE 1u

uint32_t core_ticks_per_second(void)
{
	uint32_t frequency;

	__asm__ volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(frequency));
	return frequency;
}

uint64_t core_ticks(void)
{
	uint64_t now;

	__asm__ volatile("isb\n\tmrrc p15, 0, %Q0, %R0, c14" : "=r"(now) : : "memory");
	return now;
}

void core_set_timer(uint64_t at)
{
	__asm__ volatile("mcrr p15, 2, %Q0, %R0, c14\n\t"
			 "mcr p15, 0, %1, c14, c2, 1\n\tisb"
			 :
			 : "r"(at), "r"(TIMER_ENABLE)
			 : "memory");
}

void core_stop_timer(void)
{
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 1\n\tisb" : : "r"(0) : "memory");
}

void core_unmask(void)
{
	__asm__ volatile("cpsie if" : : : "memory");
}

void core_mask_irq(void)
{
	__asm__ volatile("cpsid i" : : : "memory");
}

void core_unmask_irq(void)
{
	__asm__ volatile("cpsie i\n\tisb" : : : "memory");
}

void core_sleep(void)
{
	__asm__ volatile("dsb sy\n\twfi" : : : "memory");
}

_Noreturn void core_undefined(void)
{
	__asm__ volatile("udf #0");
	__builtin_unreachable();
}

/* libgcc's divisions call it for a divisor of zero; this firmware has none, and must link. */
int raise(int signal);

int raise(int signal)
{
	(void)signal;
	core_undefined();
}
