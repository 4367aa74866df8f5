/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line is dirty if it differs from what it was when it was last loaded or cleaned, or if it was written since. QEMU
 * tells of the stores to a page only when asked, since that makes them slow: it is asked from the first maintenance by
 * address on, which is to say of memory that Linux shares. Elsewhere a line counts as clean that was written with what it
 * had.
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/thread.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "exec/exec-all.h"
#include "stm32mp15_cache_lines.h"

Stm32mp15CacheLines stm32mp15_lines;

/* A line is moved by one at a time: a core, or an eviction beside it. */
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

/* The other core may write to the line meanwhile: what it writes after the line was taken stays dirty. */
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

/* Through the address space, so that translated code in the line goes. */
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
        /* Any address of either core may lead there. */
        tlb_flush_all_cpus_synced(cs);
    }
}
