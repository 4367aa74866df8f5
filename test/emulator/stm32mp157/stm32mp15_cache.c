/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A data cache of the Cortex-A7s that nobody else sees. There is DDR twice: one is what a cacheable mapping reaches,
 * the other, the real one, what the MCU, the DMA and every other mapping reaches. Maintenance moves lines between the
 * two: ARM DDI 0406C, chapter "Caches". Page table walks, accesses before the MMU is on, virtio devices and the loader
 * see what cacheable mappings see.
 *
 * A line is always held, as if loaded ahead of its use: one that is invalidated is loaded again at once, so what is
 * written behind an invalidation that came too early is not seen. Evictions write dirty lines back, and load clean ones
 * anew, at any time.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "cpu.h"
#include "internals.h"
#include "cpregs.h"
#include "exec/exec-all.h"
#include "exec/address-spaces.h"
#include "hw/core/tcg-cpu-ops.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "stm32mp15.h"
#include "stm32mp15_cache.h"
#include "stm32mp15_tlb.h"

#define LINE 64
/* From an address of the DDR to the same of the real one: beyond what a guest can address. */
#define REAL_OFFSET 0x4000000000ull
/* Bytes that one sweep looks through for lines to evict. */
#define SWEEP (4 * 1024 * 1024)

static uint8_t *cached, *real, *synced;
static hwaddr ddr_base;
static uint64_t ddr_size;
static const struct TCGCPUOps *original;

/* How a mapping reaches DDR. A device's is ordered and past the cache, too. */
typedef enum { CACHEABLE,
               WRITE_COMBINED,
               DEVICE_LIKE } Mapping;

/* QEMU gives no attributes of short descriptors, so these are read again: ARM DDI 0406C, B3.8. */
static Mapping short_mapping(CPUARMState *env, uint32_t va)
{
    uint32_t sctlr = A32_BANKED_CURRENT_REG_GET(env, sctlr);
    uint32_t prrr = A32_BANKED_CURRENT_REG_GET(env, mair0), nmrr = A32_BANKED_CURRENT_REG_GET(env, mair1);
    Stm32mp15Descriptors entry = stm32mp15_walk(env, va);
    uint32_t attributes;

    if ((entry.first & 3) == 1) {
        attributes = (entry.second >> 2 & 3) | (entry.second & 2 ? entry.second >> 6 & 1 : entry.second >> 12 & 1) << 2;
    } else {
        attributes = (entry.first >> 2 & 3) | (entry.first >> 12 & 1) << 2;
    }
    if (!(sctlr & SCTLR_TRE)) { /* no TEX remap: C, and TEX for the rest */
        return attributes & 2 ? CACHEABLE : attributes == 4 ? WRITE_COMBINED
                                                            : DEVICE_LIKE;
    }
    if ((prrr >> 2 * attributes & 3) != 2) { /* not Normal memory */
        return DEVICE_LIKE;
    }
    return nmrr >> 2 * attributes & 3 ? CACHEABLE : WRITE_COMBINED;
}

static Mapping mapping_of(CPUARMState *env, ARMMMUIdx idx, uint32_t va, const GetPhysAddrResult *result)
{
    uint8_t mair = result->cacheattrs.attrs;

    if (!(A32_BANKED_CURRENT_REG_GET(env, sctlr) & SCTLR_M)) {
        return CACHEABLE;
    }
    if (!regime_using_lpae_format(env, idx)) {
        return short_mapping(env, va);
    }
    return !(mair >> 4) ? DEVICE_LIKE : (mair & 0xf) == 4 ? WRITE_COMBINED
                                                          : CACHEABLE;
}

static bool is_dirty(uint64_t at)
{
    return memcmp(cached + at, synced + at, LINE);
}

/* Unpredictable on ARMv7, and data is lost either way. */
static void tell_mixture(uint64_t page)
{
    for (uint64_t at = page; at < page + TARGET_PAGE_SIZE; at += LINE) {
        if (is_dirty(at)) {
            stm32mp15_guest_error("cache: an access past it to a page whose line 0x%08" PRIx64 " is dirty",
                                  ddr_base + at);
            return;
        }
    }
}

static bool cache_tlb_fill(CPUState *cs, vaddr address, int bytes, MMUAccessType type, int mmu_idx, bool probe,
                           uintptr_t retaddr)
{
    CPUARMState *env = &ARM_CPU(cs)->env;
    ARMMMUIdx idx = core_to_arm_mmu_idx(env, mmu_idx);
    GetPhysAddrResult result = {};
    ARMMMUFaultInfo fault = {};
    Mapping mapping;

    if (!original->tlb_fill(cs, address, bytes, type, mmu_idx, probe, retaddr)) {
        return false;
    }
    if (idx == ARMMMUIdx_Phys_NS || idx == ARMMMUIdx_Phys_S ||
        get_phys_addr(env, address, type, idx, &result, &fault) || result.f.phys_addr < ddr_base ||
        result.f.phys_addr - ddr_base >= ddr_size) {
        return true;
    }
    mapping = mapping_of(env, idx, address, &result);
    if (mapping == CACHEABLE) {
        return true;
    }
    result.f.phys_addr &= TARGET_PAGE_MASK;
    if (mapping == WRITE_COMBINED && type != MMU_INST_FETCH) {
        tell_mixture(result.f.phys_addr - ddr_base);
    }
    result.f.phys_addr += REAL_OFFSET;
    tlb_set_page_full(cs, mmu_idx, address & TARGET_PAGE_MASK, &result.f);
    return true;
}

/* Offset in DDR of the line at a virtual address, or -1. */
static int64_t line_at(CPUARMState *env, uint32_t va)
{
    MemTxAttrs attributes;
    hwaddr page = arm_cpu_get_phys_page_attrs_debug(env_cpu(env), va & TARGET_PAGE_MASK, &attributes);
    hwaddr address = page + (va & ~TARGET_PAGE_MASK);

    if (page == -1 || address < ddr_base || address - ddr_base >= ddr_size) {
        return -1;
    }
    return (address - ddr_base) & ~(hwaddr)(LINE - 1);
}

/* The other core may write to the line meanwhile: what it writes after the line was taken stays dirty. */
static void clean_line(uint64_t at)
{
    uint8_t line[LINE];

    if (is_dirty(at)) {
        memcpy(line, cached + at, LINE);
        memcpy(real + at, line, LINE);
        memcpy(synced + at, line, LINE);
    }
}

/* Through the address space, so that translated code in the line goes. */
static void invalidate_line(uint64_t at)
{
    uint8_t line[LINE];

    memcpy(line, real + at, LINE);
    if (memcmp(cached + at, line, LINE)) {
        address_space_write(&address_space_memory, ddr_base + at, MEMTXATTRS_UNSPECIFIED, line, LINE);
    }
    memcpy(synced + at, line, LINE);
}

static void dcimvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    int64_t at = line_at(env, va);

    if (at >= 0) {
        invalidate_line(at);
    }
}

static void dccmvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    int64_t at = line_at(env, va);

    if (at >= 0) {
        clean_line(at);
    }
}

static void dccimvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    int64_t at = line_at(env, va);

    if (at >= 0) {
        clean_line(at);
        invalidate_line(at);
    }
}

/*
 * By set and way: a guest goes through all of them, so each line of DDR belongs to one set of the outermost level, and
 * its first way does the work. What is done to the first level alone moves lines to the second, which the others do not
 * see either.
 */
static void by_set(CPUARMState *env, uint32_t value, bool clean, bool invalidate)
{
    uint32_t level = value >> 1 & 7, geometry = env_archcpu(env)->ccsidr[2];
    uint32_t sets = (geometry >> 13 & 0x7fff) + 1, ways = (geometry >> 3 & 0x3ff) + 1;
    uint32_t set = value / LINE & (pow2ceil(sets) - 1), way = value >> (32 - ctz32(pow2ceil(ways)));

    if (level != 1 || way || set >= sets) {
        return;
    }
    for (uint64_t at = (uint64_t)set * LINE; at < ddr_size; at += (uint64_t)sets * LINE) {
        if (clean) {
            clean_line(at);
        }
        if (invalidate) {
            invalidate_line(at);
        }
    }
}

static void dcisw(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    by_set(env, value, false, true);
}

static void dccsw(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    by_set(env, value, true, false);
}

static void dccisw(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    by_set(env, value, true, true);
}

static uint32_t cache_random(Stm32mp15Cache *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 17;
    s->random ^= s->random << 5;
    return s->random;
}

/* All cores stand still, or one of them could write to a line that is just being loaded anew. */
static void cache_sweep(CPUState *cs, run_on_cpu_data data)
{
    Stm32mp15Cache *s = data.host_ptr;
    uint64_t page = (uint64_t)cache_random(s) * TARGET_PAGE_SIZE % ddr_size;

    for (uint64_t seen = 0; seen < SWEEP; seen += TARGET_PAGE_SIZE, page = (page + TARGET_PAGE_SIZE) % ddr_size) {
        if (!memcmp(cached + page, synced + page, TARGET_PAGE_SIZE) &&
            !memcmp(cached + page, real + page, TARGET_PAGE_SIZE)) {
            continue;
        }
        for (uint64_t at = page; at < page + TARGET_PAGE_SIZE; at += LINE) {
            if (cache_random(s) & 1) {
                clean_line(at);
                invalidate_line(at);
            }
        }
    }
    s->sweeping = false;
}

static void cache_tick(void *opaque)
{
    Stm32mp15Cache *s = opaque;

    if (!s->sweeping) {
        s->sweeping = true;
        async_safe_run_on_cpu(first_cpu, cache_sweep, RUN_ON_CPU_HOST_PTR(s));
    }
    timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->evictions_ms * SCALE_MS);
}

void stm32mp15_cache_start(Stm32mp15Cache *s, ARMCPU *cores, int count, MemoryRegion *ddr, hwaddr base)
{
    static struct TCGCPUOps ops;
    static const struct {
        const char *name;
        uint8_t crm, opc2;
        CPWriteFn *writefn;
    } operations[] = {
        { "DCIMVAC", 6, 1, dcimvac },
        { "DCCMVAC", 10, 1, dccmvac },
        { "DCCIMVAC", 14, 1, dccimvac },
        { "DCISW", 6, 2, dcisw },
        { "DCCSW", 10, 2, dccsw },
        { "DCCISW", 14, 2, dccisw },
    };
    CPUClass *class = CPU_GET_CLASS(cores);

    sysbus_realize(SYS_BUS_DEVICE(s), &error_fatal);
    ddr_base = base;
    ddr_size = memory_region_size(ddr);
    memory_region_init_ram(&s->real, NULL, "ddr-real", ddr_size, &error_fatal);
    memory_region_init_ram(&s->synced, NULL, "ddr-synced", ddr_size, &error_fatal);
    memory_region_add_subregion(get_system_memory(), base + REAL_OFFSET, &s->real);
    cached = memory_region_get_ram_ptr(ddr);
    real = memory_region_get_ram_ptr(&s->real);
    synced = memory_region_get_ram_ptr(&s->synced);

    original = class->tcg_ops;
    ops = *original;
    ops.tlb_fill = cache_tlb_fill;
    class->tcg_ops = &ops;
    for (int i = 0; i < count * ARRAY_SIZE(operations); i++) {
        ARMCPRegInfo info = {
            .name = operations[i / count].name,
            .cp = 15,
            .crn = 7,
            .crm = operations[i / count].crm,
            .opc2 = operations[i / count].opc2,
            .access = PL1_W,
            .type = ARM_CP_OVERRIDE | ARM_CP_NO_RAW,
            .writefn = operations[i / count].writefn,
        };

        define_one_arm_cp_reg_with_opaque(&cores[i % count], &info, NULL);
    }
    if (s->evictions_ms) {
        timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->evictions_ms * SCALE_MS);
    }
}

static void cache_realize(DeviceState *dev, Error **errp)
{
    Stm32mp15Cache *s = STM32MP15_CACHE(dev);

    s->random = s->seed ? s->seed : 1; /* 0 stays 0 */
}

static void cache_init(Object *obj)
{
    STM32MP15_CACHE(obj)->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, cache_tick, obj);
}

static Property cache_properties[] = {
    DEFINE_PROP_UINT32("evictions-ms", Stm32mp15Cache, evictions_ms, 0),
    DEFINE_PROP_UINT32("seed", Stm32mp15Cache, seed, 1),
    DEFINE_PROP_END_OF_LIST(),
};

/* The memories migrate by themselves. */
static const VMStateDescription cache_vmstate = {
    .name = TYPE_STM32MP15_CACHE,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (VMStateField[]){
        VMSTATE_UINT32(random, Stm32mp15Cache),
        VMSTATE_TIMER_PTR(timer, Stm32mp15Cache),
        VMSTATE_END_OF_LIST() }
};

static void cache_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->realize = cache_realize;
    DEVICE_CLASS(klass)->vmsd = &cache_vmstate;
    device_class_set_props(DEVICE_CLASS(klass), cache_properties);
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
