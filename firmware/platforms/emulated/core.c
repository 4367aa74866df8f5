// SPDX-License-Identifier: MIT
#include "core.h"

#define TIMER_ENABLE 1ul

/* ESR_EL1, exception class. */
#define SYNDROME_CLASS(esr)  ((esr) >> 26 & 0x3f)
#define CLASS_UNKNOWN	     0x00
#define CLASS_PREFETCH_ABORT 0x21
#define CLASS_DATA_ABORT     0x25

_Noreturn void core_exception(uint64_t syndrome, uint64_t where, uint64_t address);

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

/* Called by the vector of synchronous exceptions. All of memory lies below 4 GiB. */
_Noreturn void core_exception(uint64_t syndrome, uint64_t where, uint64_t address)
{
	enum core_exception kind = CORE_OTHER;

	if (SYNDROME_CLASS(syndrome) == CLASS_UNKNOWN)
		kind = CORE_UNDEFINED;
	else if (SYNDROME_CLASS(syndrome) == CLASS_PREFETCH_ABORT)
		kind = CORE_PREFETCH_ABORT;
	else if (SYNDROME_CLASS(syndrome) == CLASS_DATA_ABORT)
		kind = CORE_DATA_ABORT;
	platform_exception(kind, (uint32_t)where, (uint32_t)address);
}
