/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Cortex-A7s' translation tables, as they stand in memory. */
#ifndef HW_ARM_STM32MP15_WALK_H
#define HW_ARM_STM32MP15_WALK_H

#include "cpu.h"

/* Short entries for an address; second is 0 where first maps a section. */
typedef struct {
    uint32_t first, second;
    hwaddr at; /* of the second, or of the first where that maps */
} Stm32mp15Descriptors;

/* Walks the short descriptors of a core whose MMU is on: ARM DDI 0406C, B3.5. */
Stm32mp15Descriptors stm32mp15_walk(CPUARMState *env, uint32_t va);

/* The entry, short or long, that maps an address. */
typedef struct {
    hwaddr at; /* 0: there is none */
    uint64_t value;
    bool is_long;
} Stm32mp15Entry;

/* Walks whichever descriptors a core uses whose MMU is on. */
Stm32mp15Entry stm32mp15_entry(CPUARMState *env, uint32_t va);

/* Whether it is as it was. */
bool stm32mp15_entry_stands(const Stm32mp15Entry *entry);

#endif
