/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is reached both through the cache and past it: ARM DDI 0406C, A3.5.7, "Mismatched memory attributes". Two
 * mappings are not wrong by themselves, because Linux keeps its cached address of most memory that it gives away. An
 * access is told of if it finds other data than it should, or may do so on some chip at some time:
 *
 * - past the cache, to a line that is dirty in the cache, or that may be in it: the page was reached through the cache,
 *   and the line was not maintained since;
 * - through the cache, to a page that was reached past it, if the table's entry for that still stands.
 *
 * An access is seen when its translation is looked up. So the cores forget their translations when a page is first
 * reached past the cache.
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/thread.h"
#include "qemu/timer.h"
#include "cpu.h"
#include "exec/exec-all.h"
#include "stm32mp15.h"
#include "stm32mp15_cache_lines.h"
#include "stm32mp15_cache_mixture.h"
#include "stm32mp15_walk.h"

typedef struct Page {
    Stm32mp15Entry past; /* the entry by which the page was last reached past the cache */
    unsigned term; /* the term in which it was last reached through the cache */
} Page;
static Page *pages;

/* A term begins when the cores have forgotten their translations. */
static unsigned this_term = 1;

/* A guest that goes wrong does so often. So only this many accesses are told of in a second. */
#define TOLD_MAX 8
static int64_t told_second;
static unsigned told;

/* Protects all variables above. */
static QemuSpin lock;

static bool may_tell(void)
{
    int64_t second = qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) / 1000;
    bool may;

    qemu_spin_lock(&lock);
    if (second != told_second) {
        told_second = second;
        told = 0;
    }
    may = told++ < TOLD_MAX;
    qemu_spin_unlock(&lock);
    return may;
}

void stm32mp15_mixture_start(void)
{
    pages = g_new0(Page, stm32mp15_lines.size / MAPPED_PAGE);
}

void stm32mp15_mixture_through(uint64_t at)
{
    uint64_t index = at / MAPPED_PAGE;
    Page *page = &pages[index];
    bool is_mixed;

    qemu_spin_lock(&lock);
    page->term = this_term;
    is_mixed = stm32mp15_entry_stands(&page->past);
    page->past.at = 0;
    qemu_spin_unlock(&lock);
    qatomic_set(&stm32mp15_lines.loaded[index], UINT64_MAX);
    if (is_mixed && may_tell()) {
        stm32mp15_guest_error("cache: an access through it to page 0x%08" PRIx64 ", which is mapped past it",
                              stm32mp15_lines.base + at);
    }
}

/* Tells of a line of the page that the cache has or may have, if there is one. */
static void tell_line(uint64_t at)
{
    uint64_t *loaded = &stm32mp15_lines.loaded[at / MAPPED_PAGE], lines = qatomic_xchg(loaded, 0);
    const char *what = "may be in it: it was reached through the cache, and not maintained since";
    uint64_t line = at + (lines ? ctz64(lines) * CACHE_LINE : MAPPED_PAGE);

    for (uint64_t dirty = at; dirty < at + MAPPED_PAGE; dirty += CACHE_LINE) {
        if (stm32mp15_line_is_dirty(dirty)) {
            line = dirty;
            what = "is dirty";
            break;
        }
    }
    if (line < at + MAPPED_PAGE && may_tell()) {
        stm32mp15_guest_error("cache: an access past it to a page whose line 0x%08" PRIx64 " %s",
                              stm32mp15_lines.base + line, what);
    }
}

void stm32mp15_mixture_past(CPUState *cs, uint64_t at, uint32_t va)
{
    Page *page = &pages[at / MAPPED_PAGE];
    bool ends_term;

    tell_line(at);
    qemu_spin_lock(&lock);
    page->past = stm32mp15_entry(&ARM_CPU(cs)->env, va);
    ends_term = page->term == this_term;
    this_term += ends_term;
    qemu_spin_unlock(&lock);
    if (ends_term) {
        tlb_flush_all_cpus_synced(cs);
    }
}
