/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A data cache of the Cortex-A7s that nobody else sees. */
#ifndef HW_ARM_STM32MP15_CACHE_H
#define HW_ARM_STM32MP15_CACHE_H

#include "hw/sysbus.h"

typedef struct Stm32mp15Cache Stm32mp15Cache;

/* What happens to lines without being asked for, each time that the timer ends. */
typedef struct Stm32mp15CacheSweep {
    Stm32mp15Cache *cache;
    QEMUTimer *timer;
    uint32_t ms; /* how often; 0: never */
    bool is_due;
    uint32_t random;
} Stm32mp15CacheSweep;

#define TYPE_STM32MP15_CACHE "stm32mp15-cache"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32mp15Cache, STM32MP15_CACHE)
struct Stm32mp15Cache {
    SysBusDevice parent_obj;
    MemoryRegion real; /* DDR as all but cacheable mappings of the Cortex-A7s see it */
    MemoryRegion synced, stored, watched, loaded; /* see stm32mp15_cache_lines.h */
    Stm32mp15CacheSweep evictions; /* dirty lines are written back */
    Stm32mp15CacheSweep speculations; /* clean ones are loaded anew */
    uint32_t seed;
};

/* Puts the cache between these cores and the DDR, which lies at @base of the system's memory. */
void stm32mp15_cache_start(Stm32mp15Cache *s, ARMCPU *cores, int count, MemoryRegion *ddr, hwaddr base);

#endif
