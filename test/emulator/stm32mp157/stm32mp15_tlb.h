/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Cortex-A7s keep translations as the architecture lets them: by address space and by domain. */
#ifndef HW_ARM_STM32MP15_TLB_H
#define HW_ARM_STM32MP15_TLB_H

#include "cpu.h"

/* For cores that have been realized and have run nothing yet. */
void stm32mp15_tlb_start(ARMCPU *cores, int count);

#endif
