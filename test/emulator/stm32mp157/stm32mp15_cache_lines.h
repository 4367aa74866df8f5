/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of the Cortex-A7s' data cache. An address here is an offset in DDR. */
#ifndef HW_ARM_STM32MP15_CACHE_LINES_H
#define HW_ARM_STM32MP15_CACHE_LINES_H

#include "exec/memory.h"
#include "exec/hwaddr.h"

#define CACHE_LINE 64
/* The smallest page that tables map. QEMU's own, TARGET_PAGE_SIZE, is a part of one. */
#define MAPPED_PAGE 4096
/* The real memory lies so much above the DDR. That is beyond what a guest can address. */
#define CACHE_REAL_OFFSET 0x4000000000ull

typedef struct Stm32mp15CacheLines {
    hwaddr base; /* of DDR */
    uint64_t size;
    uint8_t *cached; /* DDR as cacheable mappings see it */
    uint8_t *real; /* DDR as all others see it */
    uint8_t *synced; /* what each line was when the two last agreed */
    uint8_t *stored; /* a byte for each line: it was written since, even with what it had */
    uint8_t *watched; /* a byte for each page: QEMU tells of its stores */
    uint64_t *loaded; /* a bit for each line: reached through the cache, and not maintained since */
} Stm32mp15CacheLines;
extern Stm32mp15CacheLines stm32mp15_lines;

/* Whether a physical address is one of DDR. */
bool stm32mp15_line_is(hwaddr address);
bool stm32mp15_line_is_dirty(uint64_t at);
void stm32mp15_line_clean(uint64_t at);
void stm32mp15_line_invalidate(uint64_t at);
void stm32mp15_line_store(uint64_t at);
/* A guest has cleaned or invalidated the line. */
void stm32mp15_line_maintained(uint64_t at);

/* From now on QEMU tells of stores to this page. */
void stm32mp15_line_watch(CPUState *cs, uint64_t at);

/* Puts the lines between this core and DDR. */
void stm32mp15_cache_hook(ARMCPU *core);

#endif
