/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU knows one size of a page for all cores of a machine. It takes the smallest that any of them may have. That is 1
 * KiB, because there is a Cortex-M4 (target/arm/cpu.c, arm_cpu_realizefn). Each of Linux's pages of 4 KiB is then
 * looked up four times. Code also leaves a page four times as often, and each time QEMU searches for where it goes on.
 * Linux takes half as much of the host's time again.
 *
 * The M4 may protect regions smaller than a page here. That still works, because QEMU looks such a region up at each
 * access.
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
    /* QEMU has laid out memory by pages. This has it do so again. No code has run yet that remembers the old layout. */
    memory_region_transaction_begin();
    target_page.bits = PAGE_BITS;
    target_page.mask = -1ull << PAGE_BITS;
    memory_region_set_enabled(any, false);
    memory_region_set_enabled(any, true);
    memory_region_transaction_commit();
}
