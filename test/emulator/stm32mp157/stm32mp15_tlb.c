/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's TLB knows neither domains nor address spaces. It forgets all translations with each write to DACR or to
 * CONTEXTIDR. Linux writes DACR on each way into the kernel, out of it, and around each access to an application's
 * memory, and QEMU then spends more time on translations than on the program.
 *
 * Here a core forgets what such a write takes from it, and no more: ARM DDI 0406C, B3.7 (domains), B3.9 and B3.10
 * (address spaces, maintenance). For that each core notes the pages of applications that its privileged code has
 * reached. They are few, because the kernel closes their domain again soon.
 *
 * A page is forgotten by itself. QEMU would forget all pages with it, as Linux maps its own memory by sections. Here a
 * core notes where it has translations of more than a page, and only those go with all others.
 *
 * What another core is to forget waits until that core runs its next instruction. It is stopped for that only if it
 * runs; QEMU would stop all cores for each page.
 *
 * One thing differs from the chip: LDRT and STRT of privileged code reach pages of applications while their domain is
 * closed. Linux has no such access.
 */
#include "qemu/osdep.h"
#include "qemu/bitmap.h"
#include "qemu/thread.h"
#include "cpu.h"
#include "internals.h"
#include "cpregs.h"
#include "exec/exec-all.h"
#include "hw/core/tcg-cpu-ops.h"
#include "stm32mp15_jumps.h"
#include "stm32mp15_tlb.h"
#include "stm32mp15_walk.h"

#define UNPRIVILEGED ARMMMUIdxBit_E10_0
#define PRIVILEGED (ARMMMUIdxBit_E10_1 | ARMMMUIdxBit_E10_1_PAN)
/* The domain of applications' memory: DOMAIN_USER of Linux's arch/arm/include/asm/domain.h. */
#define USER_DOMAIN 1
#define MAX_CORES 2
#define MAX_PAGES 16
#define MAX_ORDERS 64
/* QEMU's TLB grows only when it is emptied. So it is emptied after this many translations have been looked up. */
#define MANY_LOOKUPS 4096

typedef enum { FORGET_ALL,
               FORGET_SPACE,
               FORGET_PAGE } What;

typedef struct {
    What what;
    uint32_t value; /* as it was written: the page, or the space */
} Order;

static struct Core {
    Stm32mp15Jumps jumps;
    /* MiBs in which there is a translation of more than a page. */
    DECLARE_BITMAP(large, 4096);
    bool has_run_touched; /* privileged code has run in an application's page */
    /* Applications' pages of which privileged code has a translation. More than fit: it may be any page. */
    uint32_t touched[MAX_PAGES];
    unsigned touched_count;
    unsigned lookups;
    QemuSpin lock; /* protects the orders */
    /* Orders of the other core. If there were more than fit, all translations are to go. */
    Order orders[MAX_ORDERS];
    unsigned order_count;
} cores[MAX_CORES];

static ARMCPU *first_core;
static int core_count;
static const struct TCGCPUOps *original;

static struct Core *core_of(CPUState *cs)
{
    return &cores[ARM_CPU(cs) - first_core];
}

static bool is_of_application(CPUARMState *env, uint32_t va)
{
    Stm32mp15Descriptors entry = stm32mp15_walk(env, va);
    bool is_not_global = (entry.first & 3) == 1 ? entry.second & 1 << 11 : entry.first & 1 << 17;

    /* A page that is no longer mapped was an application's, because the kernel's tables stay. */
    return !(entry.first & 3) || is_not_global || (entry.first >> 5 & 0xf) == USER_DOMAIN;
}

static uint8_t space_of(CPUARMState *env)
{
    return A32_BANKED_CURRENT_REG_GET(env, contextidr);
}

static void forget_all(CPUState *cs)
{
    core_of(cs)->touched_count = 0;
    core_of(cs)->has_run_touched = false;
    bitmap_zero(core_of(cs)->large, 4096);
    tlb_flush(cs);
    stm32mp15_jumps_forget_all(cs, &core_of(cs)->jumps);
}

static void forget_touched(CPUState *cs)
{
    struct Core *core = core_of(cs);

    if (core->has_run_touched) {
        forget_all(cs);
        return;
    }
    if (core->touched_count > MAX_PAGES) {
        stm32mp15_jumps_empty_tlbs(cs, &core->jumps, PRIVILEGED);
    } else {
        for (unsigned i = 0; i < core->touched_count; i++) {
            stm32mp15_jumps_empty_page(cs, &core->jumps, core->touched[i], PRIVILEGED);
        }
    }
    core->touched_count = 0;
}

/* All translations of applications' memory are of one space. Those of another went when this one was entered. */
static void forget_space(CPUState *cs)
{
    stm32mp15_jumps_empty_tlbs(cs, &core_of(cs)->jumps, UNPRIVILEGED);
    forget_touched(cs);
}

static void obey(CPUState *cs, Order order)
{
    CPUARMState *env = &ARM_CPU(cs)->env;
    bool runs;

    switch (order.what) {
    case FORGET_ALL:
        forget_all(cs);
        break;
    case FORGET_SPACE:
        /* With long descriptors another register has the space. */
        if (extended_addresses_enabled(env)) {
            forget_all(cs);
            break;
        }
        runs = space_of(env) == (uint8_t)order.value;
        stm32mp15_jumps_forget_space(cs, &core_of(cs)->jumps, order.value, runs);
        if (runs) {
            forget_space(cs);
        }
        break;
    case FORGET_PAGE:
        if (test_bit(order.value >> 20, core_of(cs)->large)) {
            forget_all(cs);
            break;
        }
        tlb_flush_page_by_mmuidx(cs, order.value & TARGET_PAGE_MASK, UNPRIVILEGED | PRIVILEGED);
        stm32mp15_jumps_forget_page(cs, &core_of(cs)->jumps, order.value & TARGET_PAGE_MASK);
        break;
    }
}

static void obey_orders(CPUState *cs)
{
    struct Core *core = core_of(cs);
    Order orders[MAX_ORDERS];
    unsigned count;

    if (!qatomic_read(&core->order_count)) {
        return;
    }
    qemu_spin_lock(&core->lock);
    count = core->order_count;
    memcpy(orders, core->orders, sizeof(orders));
    qatomic_set(&core->order_count, 0);
    qemu_spin_unlock(&core->lock);
    if (count > MAX_ORDERS) {
        forget_all(cs);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        obey(cs, orders[i]);
    }
}

/*
 * cpu_exec_start() has set cs->running, and after that comes a barrier. So a core that was not seen running sees its
 * orders here.
 */
static void tlb_exec_enter(CPUState *cs)
{
    struct Core *core = core_of(cs);

    obey_orders(cs);
    if (core->lookups > MANY_LOOKUPS) {
        core->lookups = 0;
        core->touched_count = 0;
        stm32mp15_jumps_empty_tlbs(cs, &core->jumps, UNPRIVILEGED | PRIVILEGED);
    }
    if (original->cpu_exec_enter) {
        original->cpu_exec_enter(cs);
    }
}

static void order(struct Core *core, Order what)
{
    qemu_spin_lock(&core->lock);
    if (core->order_count < MAX_ORDERS) {
        core->orders[core->order_count] = what;
    }
    if (core->order_count <= MAX_ORDERS) {
        qatomic_set(&core->order_count, core->order_count + 1);
    }
    qemu_spin_unlock(&core->lock);
}

static void stand_still(CPUState *cs, run_on_cpu_data data)
{
}

/* A core that does not run obeys before it runs again. A core that runs is stopped, and this one goes on after that. */
static void order_all(CPUState *cs, Order what)
{
    bool is_running = false;

    for (int i = 0; i < core_count; i++) {
        CPUState *other = CPU(&first_core[i]);

        if (other == cs) {
            continue;
        }
        order(core_of(other), what);
        smp_mb(); /* before its running is read, as in start_exclusive() */
        is_running |= qatomic_read(&other->running);
    }
    if (!is_running) {
        obey(cs, what);
        return;
    }
    order(core_of(cs), what);
    async_safe_run_on_cpu(cs, stand_still, RUN_ON_CPU_NULL);
}

static void tlbiall(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    obey(env_cpu(env), (Order){ FORGET_ALL, value });
}

static void tlbimva(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    obey(env_cpu(env), (Order){ FORGET_PAGE, value });
}

static void tlbiasid(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    obey(env_cpu(env), (Order){ FORGET_SPACE, value });
}

static void tlbiall_is(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    order_all(env_cpu(env), (Order){ FORGET_ALL, value });
}

static void tlbimva_is(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    order_all(env_cpu(env), (Order){ FORGET_PAGE, value });
}

static void tlbiasid_is(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    order_all(env_cpu(env), (Order){ FORGET_SPACE, value });
}

/* A domain that was closed has no translations to forget. Long descriptors have no domains. */
static void dacr(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    uint32_t old = CPREG_FIELD32(env, ri), taken = 0;

    for (int domain = 0; domain < 16; domain++) {
        uint32_t had = old >> 2 * domain & 3, has = value >> 2 * domain & 3;

        if (had && had != has) {
            taken |= 1u << domain;
        }
    }
    raw_write(env, ri, value);
    if (extended_addresses_enabled(env)) {
        return;
    }
    if (taken & ~(1u << USER_DOMAIN)) {
        forget_all(env_cpu(env));
    } else if (taken) {
        forget_touched(env_cpu(env));
    }
}

static void contextidr(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t value)
{
    bool is_other = (uint8_t)CPREG_FIELD32(env, ri) != (uint8_t)value;

    if (is_other && !extended_addresses_enabled(env)) {
        forget_space(env_cpu(env));
        stm32mp15_jumps_enter(env_cpu(env), &core_of(env_cpu(env))->jumps, value);
    }
    raw_write(env, ri, value);
    /*
     * A core changes tables before it orders a space to be forgotten. Its order finds us in this space, or we see its
     * tables.
     */
    smp_mb();
}

static void note_touched(CPUState *cs, uint32_t page, MMUAccessType type)
{
    struct Core *core = core_of(cs);

    core->has_run_touched |= type == MMU_INST_FETCH;
    for (unsigned i = MIN(core->touched_count, MAX_PAGES); i-- > 0;) {
        if (core->touched[i] == page) {
            return;
        }
    }
    if (core->touched_count < MAX_PAGES) {
        core->touched[core->touched_count] = page;
    }
    if (core->touched_count <= MAX_PAGES) {
        core->touched_count++;
    }
}

/* QEMU keeps one range that spans all large pages. Here it keeps none, because the bitmap has them. */
static void note_large(CPUState *cs, int mmu_idx)
{
    CPUTLBDesc *tlb = &env_tlb(cs->env_ptr)->d[mmu_idx];

    if (tlb->large_page_addr != (target_ulong)-1) {
        target_ulong size = -tlb->large_page_mask;

        bitmap_set(core_of(cs)->large, tlb->large_page_addr >> 20, MAX(size >> 20, 1));
        tlb->large_page_addr = -1;
        tlb->large_page_mask = -1;
    }
}

static bool tlb_fill(CPUState *cs, vaddr address, int bytes, MMUAccessType type, int mmu_idx, bool probe,
                     uintptr_t retaddr)
{
    CPUARMState *env = &ARM_CPU(cs)->env;

    if (!original->tlb_fill(cs, address, bytes, type, mmu_idx, probe, retaddr)) {
        return false;
    }
    core_of(cs)->lookups++;
    note_large(cs, mmu_idx);
    if ((1 << mmu_idx & PRIVILEGED) && (A32_BANKED_CURRENT_REG_GET(env, sctlr) & SCTLR_M) &&
        !extended_addresses_enabled(env) && is_of_application(env, address)) {
        note_touched(cs, address & TARGET_PAGE_MASK, type);
    }
    return true;
}

static void take_over(ARMCPU *cpu, int crn, int crm, int opc2, CPWriteFn *writefn)
{
    for (int nonsecure = 0; nonsecure < 2; nonsecure++) {
        uint32_t key = ENCODE_CP_REG(15, 0, nonsecure, crn, crm, 0, opc2);
        ARMCPRegInfo *info = (ARMCPRegInfo *)get_arm_cp_reginfo(cpu->cp_regs, key);

        if (info) {
            info->writefn = writefn;
        }
    }
}

void stm32mp15_tlb_start(ARMCPU *the_cores, int count)
{
    static struct TCGCPUOps ops;
    CPUClass *class = CPU_GET_CLASS(the_cores);

    assert(count <= MAX_CORES);
    first_core = the_cores;
    core_count = count;
    for (int i = 0; i < count; i++) {
        qemu_spin_init(&cores[i].lock);
        stm32mp15_jumps_init(&cores[i].jumps);
        take_over(&the_cores[i], 3, 0, 0, dacr);
        take_over(&the_cores[i], 13, 0, 1, contextidr);
        take_over(&the_cores[i], 8, 3, 0, tlbiall_is);
        take_over(&the_cores[i], 8, 3, 1, tlbimva_is);
        take_over(&the_cores[i], 8, 3, 2, tlbiasid_is);
        take_over(&the_cores[i], 8, 3, 3, tlbimva_is);
        for (int kind = 5; kind < 7; kind++) { /* of instructions, of data */
            take_over(&the_cores[i], 8, kind, 0, tlbiall);
            take_over(&the_cores[i], 8, kind, 1, tlbimva);
            take_over(&the_cores[i], 8, kind, 2, tlbiasid);
        }
        take_over(&the_cores[i], 8, 7, 0, tlbiall);
        take_over(&the_cores[i], 8, 7, 1, tlbimva);
        take_over(&the_cores[i], 8, 7, 2, tlbiasid);
        take_over(&the_cores[i], 8, 7, 3, tlbimva);
    }
    original = class->tcg_ops;
    ops = *original;
    ops.tlb_fill = tlb_fill;
    ops.cpu_exec_enter = tlb_exec_enter;
    class->tcg_ops = &ops;
}
