/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells of memory that is reached both through the cache and past it. */
#ifndef HW_ARM_STM32MP15_CACHE_MIXTURE_H
#define HW_ARM_STM32MP15_CACHE_MIXTURE_H

#include "cpu.h"

void stm32mp15_mixture_start(void);

/* These are called when a translation of the page at this offset of DDR is looked up: through the cache, or past it. */
void stm32mp15_mixture_through(uint64_t at);
void stm32mp15_mixture_past(CPUState *cs, uint64_t at, uint32_t va);

#endif
