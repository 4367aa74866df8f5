/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in translated code a Cortex-A7's addresses are, for each address space. */
#ifndef HW_ARM_STM32MP15_JUMPS_H
#define HW_ARM_STM32MP15_JUMPS_H

#include "qemu/osdep.h"
#include "cpu.h"
#include "accel/tcg/tb-jmp-cache.h"

#define STM32MP15_SPACES 8

/* A core's. All functions are for the core's own thread. */
typedef struct {
    /* A space's are at its number, modulo their count: those of its code, and of the kernel's as it ran in the space. */
    struct Stm32mp15SpaceJumps {
        int space;
        CPUJumpCache *cache;
    } of[STM32MP15_SPACES];
    CPUJumpCache nowhere; /* takes the jumps' place while translations go and jumps stay */
    unsigned losses; /* what QEMU had lost when all jumps were known to be right */
} Stm32mp15Jumps;

void stm32mp15_jumps_init(Stm32mp15Jumps *jumps);

/* The core runs in another space from now on. */
void stm32mp15_jumps_enter(CPUState *cs, Stm32mp15Jumps *jumps, uint8_t space);

/* For a core whose TLBs have been emptied by QEMU's tlb_flush(). */
void stm32mp15_jumps_forget_all(CPUState *cs, Stm32mp15Jumps *jumps);

void stm32mp15_jumps_forget_space(CPUState *cs, Stm32mp15Jumps *jumps, uint8_t space, bool runs);

/* For a core whose TLBs have lost the page by QEMU's tlb_flush_page_by_mmuidx(). */
void stm32mp15_jumps_forget_page(CPUState *cs, Stm32mp15Jumps *jumps, uint32_t page);

/* Empty some TLBs, or take a page from them. The jumps stay, because what they tell has not changed. */
void stm32mp15_jumps_empty_tlbs(CPUState *cs, Stm32mp15Jumps *jumps, uint16_t tlbs);
void stm32mp15_jumps_empty_page(CPUState *cs, Stm32mp15Jumps *jumps, uint32_t page, uint16_t tlbs);

#endif
