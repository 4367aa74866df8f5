/* SPDX-License-Identifier: MIT */
/* The core itself, a Cortex-A35: its timer, interrupts and exceptions. */
#ifndef CORE_H
#define CORE_H

#include <stdbool.h>
#include <stdint.h>

/* The generic timer: its counter, and an interrupt (TIMER in platform.c) when that reaches @at. */
uint32_t core_ticks_per_second(void);
uint64_t core_ticks(void);
void core_set_timer(uint64_t at);
void core_stop_timer(void);

/* Interrupts come masked. The FIQ, once unmasked, stays so. */
void core_unmask(void);
void core_mask_irq(void);
void core_unmask_irq(void);

/* Sleep until an interrupt is pending, masked or not. */
void core_sleep(void);

/* An instruction that the core does not have. */
_Noreturn void core_undefined(void);

/* PSCI CPU_OFF. */
_Noreturn void core_off(void);

/* Called by the vectors, in platform.c. */
enum core_exception {
	CORE_UNDEFINED,
	CORE_PREFETCH_ABORT,
	CORE_DATA_ABORT,
	CORE_OTHER,
};

void platform_irq(void);
_Noreturn void platform_reset(void);
_Noreturn void platform_exception(enum core_exception kind, uint32_t where, uint32_t address);

#endif
