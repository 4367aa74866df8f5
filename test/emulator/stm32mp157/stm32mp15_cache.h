/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A data cache of the Cortex-A7s that nobody else sees. */
#ifndef HW_ARM_STM32MP15_CACHE_H
#define HW_ARM_STM32MP15_CACHE_H

#include "hw/sysbus.h"

#define TYPE_STM32MP15_CACHE "stm32mp15-cache"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32mp15Cache, STM32MP15_CACHE)
struct Stm32mp15Cache {
    SysBusDevice parent_obj;
    MemoryRegion real; /* DDR as all but cacheable mappings of the Cortex-A7s see it */
    MemoryRegion synced; /* what each line was when the two last agreed: a line that differs from it is dirty */
    uint32_t evictions_ms; /* how often lines are evicted, in ms; 0: never */
    uint32_t seed;
    uint32_t random;
    QEMUTimer *timer;
    bool sweeping;
};

/* Puts it between these cores and the DDR, which lies at @base of the system's memory. */
void stm32mp15_cache_start(Stm32mp15Cache *s, ARMCPU *cores, int count, MemoryRegion *ddr, hwaddr base);

#endif
