/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU remembers, for a core, where in translated code an address is: its jumps. It forgets them with each change of
 * the address space, and looks hundreds of them up again. Here a space has jumps of its own, until it is forgotten.
 *
 * A jump to code that QEMU has translated anew since does no harm: QEMU marks the old code, and looks at the mark. When
 * it throws all code away, it counts that.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "exec/exec-all.h"
#include "accel/tcg/tb-context.h"
#include "accel/tcg/tb-hash.h"
#include "stm32mp15_jumps.h"

#define NO_SPACE (-1)

/*
 * This changes when QEMU has emptied a TLB, or has thrown away all translated code. QEMU then clears the jumps of one
 * space only, because it knows of no others.
 */
static unsigned losses_of(CPUState *cs)
{
    CPUTLBCommon *tlb = &env_tlb(cs->env_ptr)->c;

    return tlb->full_flush_count + tlb->part_flush_count + tlb->elide_flush_count + qatomic_read(&tb_ctx.tb_flush_count);
}

static void clear(CPUJumpCache *cache)
{
    for (int i = 0; i < TB_JMP_CACHE_SIZE; i++) {
        qatomic_set(&cache->array[i].tb, NULL);
    }
}

void stm32mp15_jumps_init(Stm32mp15Jumps *jumps)
{
    for (int i = 0; i < STM32MP15_SPACES; i++) {
        jumps->of[i] = (struct Stm32mp15SpaceJumps){ NO_SPACE, g_new0(CPUJumpCache, 1) };
    }
}

void stm32mp15_jumps_forget_all(CPUState *cs, Stm32mp15Jumps *jumps)
{
    for (int i = 0; i < STM32MP15_SPACES; i++) {
        jumps->of[i].space = NO_SPACE;
    }
    jumps->losses = losses_of(cs);
}

void stm32mp15_jumps_enter(CPUState *cs, Stm32mp15Jumps *jumps, uint8_t space)
{
    struct Stm32mp15SpaceJumps *own = &jumps->of[space % STM32MP15_SPACES];

    if (jumps->losses != losses_of(cs)) {
        stm32mp15_jumps_forget_all(cs, jumps);
    }
    if (own->space != space) {
        clear(own->cache);
        own->space = space;
    }
    cs->tb_jmp_cache = own->cache;
}

void stm32mp15_jumps_forget_space(CPUState *cs, Stm32mp15Jumps *jumps, uint8_t space, bool runs)
{
    struct Stm32mp15SpaceJumps *own = &jumps->of[space % STM32MP15_SPACES];

    if (own->space == space) {
        own->space = NO_SPACE;
    }
    if (runs) {
        clear(cs->tb_jmp_cache);
    }
}

/*
 * QEMU has cleared the page's jumps for the space that runs. This does so for the others. Code that begins on the page
 * before may reach into the page, so that page's jumps go, too.
 */
void stm32mp15_jumps_forget_page(CPUState *cs, Stm32mp15Jumps *jumps, uint32_t page)
{
    unsigned begins[] = { tb_jmp_cache_hash_page(page - TARGET_PAGE_SIZE), tb_jmp_cache_hash_page(page) };

    for (int space = 0; space < STM32MP15_SPACES; space++) {
        CPUJumpCache *cache = jumps->of[space].cache;

        if (jumps->of[space].space == NO_SPACE || cache == cs->tb_jmp_cache) {
            continue;
        }
        for (int i = 0; i < TB_JMP_PAGE_SIZE; i++) {
            qatomic_set(&cache->array[begins[0] + i].tb, NULL);
            qatomic_set(&cache->array[begins[1] + i].tb, NULL);
        }
    }
}

void stm32mp15_jumps_empty_tlbs(CPUState *cs, Stm32mp15Jumps *jumps, uint16_t tlbs)
{
    CPUJumpCache *kept = cs->tb_jmp_cache;
    bool were_right = jumps->losses == losses_of(cs);

    cs->tb_jmp_cache = NULL; /* QEMU then has none to clear */
    tlb_flush_by_mmuidx(cs, tlbs);
    cs->tb_jmp_cache = kept;
    if (were_right) {
        jumps->losses = losses_of(cs);
    }
}

void stm32mp15_jumps_empty_page(CPUState *cs, Stm32mp15Jumps *jumps, uint32_t page, uint16_t tlbs)
{
    CPUJumpCache *kept = cs->tb_jmp_cache;

    cs->tb_jmp_cache = &jumps->nowhere;
    tlb_flush_page_by_mmuidx(cs, page, tlbs);
    cs->tb_jmp_cache = kept;
}
