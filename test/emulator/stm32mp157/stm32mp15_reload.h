/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of the firmware's program, as Linux sees it. */
#ifndef HW_ARM_STM32MP15_RELOAD_H
#define HW_ARM_STM32MP15_RELOAD_H

#include "qemu/osdep.h"
#include "exec/memory.h"

typedef struct {
    MemoryRegion seen;
    const uint8_t *bytes;
    hwaddr direct; /* where Linux's address space has the memory itself */
} Stm32mp15Reload;

/* Lays it over the first bytes of a memory that is at `base`, and once more, itself, at `direct`. */
void stm32mp15_reload_init(Stm32mp15Reload *s, MemoryRegion *memory, hwaddr base, hwaddr direct, uint64_t size);

#endif
