/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line is dirty if it differs from what it was when it was last loaded or cleaned. It is also dirty if it was written
 * since then, even with what it had. QEMU tells of stores to a page only when asked, because that makes them slow. It
 * is asked from the page's first maintenance by address on. Linux does such maintenance for memory that it shares. On
 * other pages a line that was written with what it had counts as clean.
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/thread.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "exec/exec-all.h"
#include "stm32mp15_cache_lines.h"

Stm32mp15CacheLines stm32mp15_lines;

/* Only one at a time moves a line: a core, or an eviction beside it. */
static QemuSpin moving;

bool stm32mp15_line_is(hwaddr address)
{
    return address >= stm32mp15_lines.base && address - stm32mp15_lines.base < stm32mp15_lines.size;
}

bool stm32mp15_line_is_dirty(uint64_t at)
{
    Stm32mp15CacheLines *l = &stm32mp15_lines;

    return l->stored[at / CACHE_LINE] || memcmp(l->cached + at, l->synced + at, CACHE_LINE);
}

void stm32mp15_line_store(uint64_t at)
{
    stm32mp15_lines.stored[at / CACHE_LINE] = 1;
}

void stm32mp15_line_maintained(uint64_t at)
{
    uint64_t *lines = &stm32mp15_lines.loaded[at / MAPPED_PAGE];
    uint64_t line = 1ull << at % MAPPED_PAGE / CACHE_LINE;

    if (qatomic_read(lines) & line) {
        qatomic_and(lines, ~line);
    }
}

/* The other core may write to the line meanwhile. What it writes after the line was copied stays dirty. */
void stm32mp15_line_clean(uint64_t at)
{
    Stm32mp15CacheLines *l = &stm32mp15_lines;
    uint8_t line[CACHE_LINE];

    qemu_spin_lock(&moving);
    if (stm32mp15_line_is_dirty(at)) {
        l->stored[at / CACHE_LINE] = 0;
        memcpy(line, l->cached + at, CACHE_LINE);
        memcpy(l->real + at, line, CACHE_LINE);
        memcpy(l->synced + at, line, CACHE_LINE);
    }
    qemu_spin_unlock(&moving);
}

/* This writes through the address space, so that code goes which QEMU has translated from the line. */
void stm32mp15_line_invalidate(uint64_t at)
{
    Stm32mp15CacheLines *l = &stm32mp15_lines;
    uint8_t line[CACHE_LINE];

    qemu_spin_lock(&moving);
    l->stored[at / CACHE_LINE] = 0;
    memcpy(line, l->real + at, CACHE_LINE);
    if (memcmp(l->cached + at, line, CACHE_LINE)) {
        address_space_write(&address_space_memory, l->base + at, MEMTXATTRS_UNSPECIFIED, line, CACHE_LINE);
    }
    memcpy(l->synced + at, line, CACHE_LINE);
    qemu_spin_unlock(&moving);
}

void stm32mp15_line_watch(CPUState *cs, uint64_t at)
{
    uint8_t *watched = &stm32mp15_lines.watched[at / TARGET_PAGE_SIZE];

    if (!*watched) {
        *watched = 1;
        /* Any virtual address of either core may lead to the page. */
        tlb_flush_all_cpus_synced(cs);
    }
}
