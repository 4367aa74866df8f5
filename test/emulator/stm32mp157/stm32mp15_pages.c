/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU knows one size of a page for all cores of a machine. It takes the smallest that any of them may have: 1 KiB,
 * because there is a Cortex-M4 (target/arm/cpu.c, arm_cpu_realizefn). Each of Linux's pages of 4 KiB is then looked up
 * four times, and code leaves a page four times as often, which each time is a search for where it goes on. Linux takes
 * half as much of the host's time again.
 *
 * The M4's protection of smaller regions does without: QEMU looks such a region up at each access.
 */
#define IN_PAGE_VARY
#include "qemu/osdep.h"
#include "exec/page-vary.h"
#include "exec/memory.h"
#include "exec/address-spaces.h"
#include "stm32mp15_pages.h"

#define PAGE_BITS 12

extern TargetPageBits target_page;

void stm32mp15_pages_start(MemoryRegion *any)
{
    /* What was laid out by pages is laid out anew, and nothing has run that remembers it. */
    memory_region_transaction_begin();
    target_page.bits = PAGE_BITS;
    target_page.mask = -1ull << PAGE_BITS;
    memory_region_set_enabled(any, false);
    memory_region_set_enabled(any, true);
    memory_region_transaction_commit();
}
