/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A data cache of the Cortex-A7s that nobody else sees. There are two memories for the DDR. Cacheable mappings reach
 * one of them. The MCU, the DMA and every other mapping reach the other, the real one. Maintenance moves lines between
 * the two: ARM DDI 0406C, chapter "Caches". Page table walks, accesses before the MMU is on, virtio devices and the
 * loader see what cacheable mappings see.
 *
 * A line is always in the cache, as if it was loaded ahead of its use. If it is invalidated, it is loaded again at
 * once. So data that is written after an invalidation is not seen: the invalidation came too early. At any time dirty
 * lines may be evicted, which writes them back, and clean lines may be loaded anew.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/timer.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "stm32mp15_cache.h"
#include "stm32mp15_cache_lines.h"
#include "stm32mp15_cache_mixture.h"

/*
 * One sweep looks through WINDOW bytes of the DDR, and through pages that are watched. An eviction looks through all
 * watched pages. So whoever waits for an eviction knows when it has come. The cores stand still while lines are loaded
 * anew. So then only WATCHED_WINDOW bytes of the watched pages are looked through.
 */
#define WINDOW (256 * 1024)
#define WATCHED_WINDOW (512 * 1024)

static uint32_t next_random(Stm32mp15CacheSweep *sweep)
{
    sweep->random ^= sweep->random << 13;
    sweep->random ^= sweep->random >> 17;
    sweep->random ^= sweep->random << 5;
    return sweep->random;
}

/* One line in eight stays as it is. */
static void sweep_page(Stm32mp15CacheSweep *sweep, uint64_t page)
{
    Stm32mp15Cache *s = sweep->cache;

    for (uint64_t at = page; at < page + TARGET_PAGE_SIZE; at += CACHE_LINE) {
        if (stm32mp15_line_is_dirty(at) != (sweep == &s->evictions) || !(next_random(sweep) & 7)) {
            continue;
        }
        if (sweep == &s->evictions) {
            stm32mp15_line_clean(at);
        } else {
            stm32mp15_line_invalidate(at);
        }
    }
}

static void sweep_now(Stm32mp15CacheSweep *sweep)
{
    uint64_t size = stm32mp15_lines.size;
    uint64_t first = (uint64_t)next_random(sweep) * TARGET_PAGE_SIZE % size;
    uint64_t watched = sweep == &sweep->cache->evictions ? size : WATCHED_WINDOW;

    for (uint64_t seen = 0; seen < WINDOW; seen += TARGET_PAGE_SIZE) {
        sweep_page(sweep, (first + seen) % size);
    }
    for (uint64_t seen = 0; seen < size && watched; seen += TARGET_PAGE_SIZE) {
        uint64_t page = (first + seen) % size;

        if (stm32mp15_lines.watched[page / TARGET_PAGE_SIZE]) {
            sweep_page(sweep, page);
            watched -= TARGET_PAGE_SIZE;
        }
    }
}

/* All cores stand still. Otherwise one of them could write to a line that is being loaded anew. */
static void speculate(CPUState *cs, run_on_cpu_data data)
{
    Stm32mp15CacheSweep *sweep = data.host_ptr;

    sweep_now(sweep);
    sweep->is_due = false;
}

static void sweep_again(Stm32mp15CacheSweep *sweep)
{
    if (sweep->ms) {
        timer_mod(sweep->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + sweep->ms * SCALE_MS);
    } else {
        timer_del(sweep->timer);
    }
}

static void sweep_tick(void *opaque)
{
    Stm32mp15CacheSweep *sweep = opaque;

    if (sweep == &sweep->cache->evictions) {
        sweep_now(sweep);
    } else if (!sweep->is_due) {
        sweep->is_due = true;
        async_safe_run_on_cpu(first_cpu, speculate, RUN_ON_CPU_HOST_PTR(sweep));
    }
    sweep_again(sweep);
}

void stm32mp15_cache_start(Stm32mp15Cache *s, ARMCPU *cores, int count, MemoryRegion *ddr, hwaddr base)
{
    Stm32mp15CacheLines *l = &stm32mp15_lines;

    sysbus_realize(SYS_BUS_DEVICE(s), &error_fatal);
    l->base = base;
    l->size = memory_region_size(ddr);
    memory_region_init_ram(&s->real, NULL, "ddr-real", l->size, &error_fatal);
    memory_region_init_ram(&s->synced, NULL, "ddr-synced", l->size, &error_fatal);
    memory_region_init_ram(&s->stored, NULL, "ddr-stored", l->size / CACHE_LINE, &error_fatal);
    memory_region_init_ram(&s->watched, NULL, "ddr-watched", l->size / TARGET_PAGE_SIZE, &error_fatal);
    memory_region_init_ram(&s->loaded, NULL, "ddr-loaded", l->size / MAPPED_PAGE * 8, &error_fatal);
    memory_region_add_subregion(get_system_memory(), base + CACHE_REAL_OFFSET, &s->real);
    l->cached = memory_region_get_ram_ptr(ddr);
    l->real = memory_region_get_ram_ptr(&s->real);
    l->synced = memory_region_get_ram_ptr(&s->synced);
    l->stored = memory_region_get_ram_ptr(&s->stored);
    l->watched = memory_region_get_ram_ptr(&s->watched);
    l->loaded = memory_region_get_ram_ptr(&s->loaded);
    stm32mp15_mixture_start();
    for (int i = 0; i < count; i++) {
        stm32mp15_cache_hook(&cores[i]);
    }
}

static void get_sweep(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    visit_type_uint32(v, name, (uint32_t *)((uint8_t *)obj + (uintptr_t)opaque), errp);
}

static void set_sweep(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    uint32_t *ms = (uint32_t *)((uint8_t *)obj + (uintptr_t)opaque);
    Stm32mp15CacheSweep *sweep = container_of(ms, Stm32mp15CacheSweep, ms);

    if (visit_type_uint32(v, name, ms, errp)) {
        sweep_again(sweep);
    }
}

static void get_seed(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    visit_type_uint32(v, name, &STM32MP15_CACHE(obj)->seed, errp);
}

/* The generator's state must not be 0, because it would stay 0. */
static void sow(Stm32mp15Cache *s)
{
    s->evictions.random = s->seed | 1;
    s->speculations.random = ~s->seed | 1;
}

static void set_seed(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
    Stm32mp15Cache *s = STM32MP15_CACHE(obj);

    if (visit_type_uint32(v, name, &s->seed, errp)) {
        sow(s);
    }
}

static void cache_init(Object *obj)
{
    Stm32mp15Cache *s = STM32MP15_CACHE(obj);

    sow(s);
    s->evictions.cache = s->speculations.cache = s;
    s->evictions.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, sweep_tick, &s->evictions);
    s->speculations.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, sweep_tick, &s->speculations);
}

/* The properties can be set at any time, and do not migrate. The memories migrate by themselves. */
static void cache_class_init(ObjectClass *klass, void *data)
{
    object_class_property_add(klass, "evictions-ms", "uint32", get_sweep, set_sweep, NULL,
                              (void *)offsetof(Stm32mp15Cache, evictions.ms));
    object_class_property_add(klass, "speculations-ms", "uint32", get_sweep, set_sweep, NULL,
                              (void *)offsetof(Stm32mp15Cache, speculations.ms));
    object_class_property_add(klass, "seed", "uint32", get_seed, set_seed, NULL, NULL);
}

static const TypeInfo cache_infos[] = {
    {
        .name = TYPE_STM32MP15_CACHE,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32mp15Cache),
        .instance_init = cache_init,
        .class_init = cache_class_init,
    },
};
DEFINE_TYPES(cache_infos)
