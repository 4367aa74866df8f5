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

/* Interrupts are masked at the start. The FIQ is never masked again once it is unmasked. */
void core_unmask(void);
void core_mask_irq(void);
void core_unmask_irq(void);

/* Sleep until an interrupt is pending, masked or not. */
void core_sleep(void);

/* An instruction that the core does not have. */
_Noreturn void core_undefined(void);

/* PSCI CPU_OFF. */
_Noreturn void core_off(void);

/* What a synchronous exception was, by the register that says so (ESR_EL1). */
enum core_exception {
	CORE_UNDEFINED,
	CORE_PREFETCH_ABORT,
	CORE_DATA_ABORT,
	CORE_OTHER,
};

enum core_exception core_exception(uint64_t syndrome);

#endif
