/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages are as large as the Cortex-A7s have them. */
#ifndef HW_ARM_STM32MP15_PAGES_H
#define HW_ARM_STM32MP15_PAGES_H

#include "exec/memory.h"

/* For a machine that is complete and has run nothing yet. @any is a region of its memory. */
void stm32mp15_pages_start(MemoryRegion *any);

#endif
