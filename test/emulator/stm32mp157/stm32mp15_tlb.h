/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Cortex-A7s keep translations as the architecture lets them: by address space and by domain. */
#ifndef HW_ARM_STM32MP15_TLB_H
#define HW_ARM_STM32MP15_TLB_H

#include "cpu.h"

/* A translation table's entries for an address, as they stand in memory; second is 0 where first maps a section. */
typedef struct {
    uint32_t first, second;
} Stm32mp15Descriptors;

/* Walks the short descriptors of a core whose MMU is on: ARM DDI 0406C, B3.5. */
Stm32mp15Descriptors stm32mp15_walk(CPUARMState *env, uint32_t va);

/* For cores that have been realized and have run nothing yet. */
void stm32mp15_tlb_start(ARMCPU *cores, int count);

#endif
