/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The translation of an address says which of the two memories an access of a Cortex-A7 reaches:
 * ARM DDI 0406C, B3.8. System registers maintain the lines: B4.2.1.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "internals.h"
#include "cpregs.h"
#include "exec/exec-all.h"
#include "exec/cpu_ldst.h"
#include "exec/address-spaces.h"
#include "hw/core/tcg-cpu-ops.h"
#include "stm32mp15_cache_lines.h"
#include "stm32mp15_cache_mixture.h"
#include "stm32mp15_walk.h"

static const struct TCGCPUOps *original;

/* How a mapping reaches DDR. A mapping that is like a device's is ordered, and goes past the cache, too. */
typedef enum { CACHEABLE,
               WRITE_COMBINED,
               DEVICE_LIKE } Mapping;

/*
 * QEMU does not tell the attributes of short descriptors. So the descriptors are read again: ARM
 * DDI 0406C, B3.8.
 */
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
    if (!(sctlr & SCTLR_TRE)) { /* no TEX remap: C decides, and TEX for the rest */
        return attributes & 2 ? CACHEABLE : attributes == 4 ? WRITE_COMBINED
                                                            : DEVICE_LIKE;
    }
    if ((prrr >> 2 * attributes & 3) != 2) { /* not Normal memory */
        return DEVICE_LIKE;
    }
    return nmrr >> 2 * attributes & 3 ? CACHEABLE : WRITE_COMBINED;
}

/* @mair: what MAIR says of a long descriptor */
static Mapping mapping_of(CPUARMState *env, ARMMMUIdx idx, uint32_t va, uint8_t mair)
{
    if (!(A32_BANKED_CURRENT_REG_GET(env, sctlr) & SCTLR_M)) {
        return CACHEABLE;
    }
    if (!regime_using_lpae_format(env, idx)) {
        return short_mapping(env, va);
    }
    return !(mair >> 4) ? DEVICE_LIKE : (mair & 0xf) == 4 ? WRITE_COMBINED
                                                          : CACHEABLE;
}

/* QEMU takes a page with this flag for one with a watchpoint. So it asks for the address of each store to the page. */
static void watch_stores(CPUARMState *env, int mmu_idx, vaddr address, uint64_t at)
{
    CPUTLBEntry *entry = tlb_entry(env, mmu_idx, address);

    if (stm32mp15_lines.watched[at / TARGET_PAGE_SIZE] && entry->addr_write != -1) {
        entry->addr_write |= TLB_WATCHPOINT;
    }
}

/*
 * QEMU makes an unaligned store byte by byte, and tells of each byte. Before that it tells of the store's part in its
 * page, and of the part in the next page. If the store does not reach the next page, these two are no parts of it: the
 * first one has no positive length, and the second one begins where the page does.
 */
static bool is_stored(int length)
{
    return length > 0 && length <= sizeof(uint64_t);
}

static vaddr cache_store(CPUState *cs, vaddr address, int length)
{
    CPUARMState *env = &ARM_CPU(cs)->env;

    /* A store with a user's rights goes by the user's entry for the same page. So each entry is looked at. */
    for (int idx = 0; idx < NB_MMU_MODES && is_stored(length); idx++) {
        CPUTLBEntry *entry = tlb_entry(env, idx, address);
        uint64_t at = address + entry->addend - (uintptr_t)stm32mp15_lines.cached;

        if (tlb_hit(tlb_addr_write(entry), address) && entry->addr_write & TLB_WATCHPOINT &&
            at < stm32mp15_lines.size) {
            stm32mp15_line_store(at);
            stm32mp15_line_store(at + length - 1);
        }
    }
    return original->adjust_watchpoint_address(cs, address, length);
}

static bool cache_tlb_fill(CPUState *cs, vaddr address, int bytes, MMUAccessType type, int mmu_idx, bool probe,
                           uintptr_t retaddr)
{
    CPUARMState *env = &ARM_CPU(cs)->env;
    ARMMMUIdx idx = core_to_arm_mmu_idx(env, mmu_idx);
    CPUTLBEntryFull full;
    Mapping mapping;
    uint64_t page;

    if (!original->tlb_fill(cs, address, bytes, type, mmu_idx, probe, retaddr)) {
        return false;
    }
    full = env_tlb(env)->d[mmu_idx].fulltlb[tlb_index(env, mmu_idx, address)];
    if (idx == ARMMMUIdx_Phys_NS || idx == ARMMMUIdx_Phys_S || !stm32mp15_line_is(full.phys_addr)) {
        return true;
    }
    mapping = mapping_of(env, idx, address, full.pte_attrs);
    page = full.phys_addr - stm32mp15_lines.base;
    if (mapping == CACHEABLE) {
        stm32mp15_mixture_through(page & -MAPPED_PAGE);
        watch_stores(env, mmu_idx, address, page);
        return true;
    }
    if (mapping == WRITE_COMBINED && type != MMU_INST_FETCH) {
        stm32mp15_mixture_past(cs, page & -MAPPED_PAGE, address);
    }
    full.phys_addr += CACHE_REAL_OFFSET;
    tlb_set_page_full(cs, mmu_idx, address & TARGET_PAGE_MASK, &full);
    return true;
}

/* The offset in DDR of the line at a virtual address, or -1. The line counts as maintained from now on. */
static int64_t maintained_line(CPUARMState *env, uint32_t va)
{
    MemTxAttrs attributes;
    hwaddr page = arm_cpu_get_phys_page_attrs_debug(env_cpu(env), va & TARGET_PAGE_MASK, &attributes);
    hwaddr address = page + (va & ~TARGET_PAGE_MASK);
    uint64_t at = (address - stm32mp15_lines.base) & ~(hwaddr)(CACHE_LINE - 1);

    if (page == -1 || !stm32mp15_line_is(address)) {
        return -1;
    }
    stm32mp15_line_watch(env_cpu(env), at);
    stm32mp15_line_maintained(at);
    return at;
}

static void dcimvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    int64_t at = maintained_line(env, va);

    if (at >= 0) {
        stm32mp15_line_invalidate(at);
    }
}

static void dccmvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    int64_t at = maintained_line(env, va);

    if (at >= 0) {
        stm32mp15_line_clean(at);
    }
}

static void dccimvac(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
    int64_t at = maintained_line(env, va);

    if (at >= 0) {
        stm32mp15_line_clean(at);
        stm32mp15_line_invalidate(at);
    }
}

/*
 * Maintenance by set and way. A guest goes through all sets and ways. So each line of DDR belongs to one set of the
 * outermost level, and the order for the set's first way does the work. Maintenance of the first level alone moves
 * lines to the second, which the others do not see either.
 */
static void by_set(CPUARMState *env, uint32_t value, bool clean, bool invalidate)
{
    uint32_t level = value >> 1 & 7, geometry = env_archcpu(env)->ccsidr[2];
    uint32_t sets = (geometry >> 13 & 0x7fff) + 1, ways = (geometry >> 3 & 0x3ff) + 1;
    uint32_t set = value / CACHE_LINE & (pow2ceil(sets) - 1), way = value >> (32 - ctz32(pow2ceil(ways)));

    if (level != 1 || way || set >= sets) {
        return;
    }
    for (uint64_t at = (uint64_t)set * CACHE_LINE; at < stm32mp15_lines.size; at += (uint64_t)sets * CACHE_LINE) {
        stm32mp15_line_maintained(at);
        if (clean) {
            stm32mp15_line_clean(at);
        }
        if (invalidate) {
            stm32mp15_line_invalidate(at);
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

void stm32mp15_cache_hook(ARMCPU *core)
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
    CPUClass *class = CPU_GET_CLASS(core);

    /* All cores of this class share these operations. */
    if (class->tcg_ops != &ops) {
        original = class->tcg_ops;
        ops = *original;
        ops.tlb_fill = cache_tlb_fill;
        ops.adjust_watchpoint_address = cache_store;
        class->tcg_ops = &ops;
    }
    for (int i = 0; i < ARRAY_SIZE(operations); i++) {
        ARMCPRegInfo info = {
            .name = operations[i].name,
            .cp = 15,
            .crn = 7,
            .crm = operations[i].crm,
            .opc2 = operations[i].opc2,
            .access = PL1_W,
            .type = ARM_CP_OVERRIDE | ARM_CP_NO_RAW,
            .writefn = operations[i].writefn,
        };

        define_one_arm_cp_reg_with_opaque(core, &info, NULL);
    }
}
