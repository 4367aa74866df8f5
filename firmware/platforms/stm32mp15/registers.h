/* SPDX-License-Identifier: MIT */
/* Reset and clock control of the STM32MP15: RM0436, chapter "RCC registers". */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "core.h"

#define RCC(offset) CORE_REGISTER(0x50000000 + (offset))

#define RCC_HSICFGR		  RCC(0x018)
#define RCC_MSSCKSELR		  RCC(0x048)
#define RCC_RCK3SELR		  RCC(0x820)
#define RCC_MCUDIVR		  RCC(0x830)
#define RCC_PLL3CFGR1		  RCC(0x884)
#define RCC_PLL3CFGR2		  RCC(0x888)
#define RCC_PLL3FRACR		  RCC(0x88c)
#define RCC_PLL3FRACR_FRACLE	  (1u << 16)
#define RCC_MC_APB1ENSETR	  RCC(0xa80)
#define RCC_MC_APB1ENSETR_WWDG1EN (1u << 28)
#define RCC_MC_AHB3ENSETR	  RCC(0xaa0)
#define RCC_MC_AHB3ENSETR_IPCCEN  (1u << 12)

#endif
