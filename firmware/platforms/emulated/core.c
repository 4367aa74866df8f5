// SPDX-License-Identifier: MIT
#include "core.h"

#define TIMER_ENABLE 1ul

/* ESR_EL1, exception class. */
#define SYNDROME_CLASS(esr)  ((esr) >> 26 & 0x3f)
#define CLASS_UNKNOWN	     0x00
#define CLASS_PREFETCH_ABORT 0x21
#define CLASS_DATA_ABORT     0x25

uint32_t core_ticks_per_second(void)
{
	uint64_t frequency;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	return (uint32_t)frequency;
}

uint64_t core_ticks(void)
{
	uint64_t now;

	__asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(now) : : "memory");
	return now;
}

void core_set_timer(uint64_t at)
{
	__asm__ volatile("msr cntp_cval_el0, %0\n\tmsr cntp_ctl_el0, %1\n\tisb"
			 :
			 : "r"(at), "r"((uint64_t)TIMER_ENABLE)
			 : "memory");
}

void core_stop_timer(void)
{
	__asm__ volatile("msr cntp_ctl_el0, xzr\n\tisb" : : : "memory");
}

void core_unmask(void)
{
	__asm__ volatile("msr daifclr, #3" : : : "memory");
}

void core_mask_irq(void)
{
	__asm__ volatile("msr daifset, #2" : : : "memory");
}

void core_unmask_irq(void)
{
	__asm__ volatile("msr daifclr, #2\n\tisb" : : : "memory");
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

enum core_exception core_exception(uint64_t syndrome)
{
	switch (SYNDROME_CLASS(syndrome)) {
	case CLASS_UNKNOWN:
		return CORE_UNDEFINED;
	case CLASS_PREFETCH_ABORT:
		return CORE_PREFETCH_ABORT;
	case CLASS_DATA_ABORT:
		return CORE_DATA_ABORT;
	default:
		return CORE_OTHER;
	}
}
