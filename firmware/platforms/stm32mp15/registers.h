/* SPDX-License-Identifier: MIT */
/* Registers of the STM32MP15, each from the chapter of its reference manual, RM0436, that is named above them. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "core.h"

/* "RCC registers" */
#define RCC(offset)		  CORE_REGISTER(0x50000000 + (offset))
#define RCC_HSICFGR		  RCC(0x018)
#define RCC_MSSCKSELR		  RCC(0x048)
#define RCC_RCK3SELR		  RCC(0x820)
#define RCC_TIMG1PRER		  RCC(0x828)
#define RCC_MCUDIVR		  RCC(0x830)
#define RCC_APB1DIVR		  RCC(0x834)
#define RCC_PLL3CFGR1		  RCC(0x884)
#define RCC_PLL3CFGR2		  RCC(0x888)
#define RCC_PLL3FRACR		  RCC(0x88c)
#define RCC_PLL3FRACR_FRACLE	  (1u << 16)
#define RCC_MC_APB1ENSETR	  RCC(0xa80)
#define RCC_MC_APB1ENSETR_TIM5EN  (1u << 3)
#define RCC_MC_APB1ENSETR_WWDG1EN (1u << 28)
#define RCC_MC_AHB2ENSETR	  RCC(0xa98)
#define RCC_MC_AHB2ENSETR_DMA2EN  (1u << 1)
#define RCC_MC_AHB3ENSETR	  RCC(0xaa0)
#define RCC_MC_AHB3ENSETR_IPCCEN  (1u << 12)

/*
 * "Inter-processor communication controller", as the coprocessor (its processor 2) sees it. Six channels, of which bits 0 to 5
 * stand for "filled by Linux" and bits 16 to 21 for "filled by this core".
 */
#define IPCC(offset)	CORE_REGISTER(0x4c001000 + (offset))
#define IPCC_C1TOC2SR	IPCC(0x0c) /* channels that Linux has filled and this core has not answered */
#define IPCC_C2CR	IPCC(0x10)
#define IPCC_C2CR_RXOIE (1u << 0)
#define IPCC_C2CR_TXFIE (1u << 16)
#define IPCC_C2MR \
	IPCC(0x14) /* interrupts that are not wanted: of filled channels below, of answered ones above */
#define IPCC_C2SCR	   IPCC(0x18) /* answer Linux's channels below, fill our own above */
#define IPCC_C2TOC1SR	   IPCC(0x1c) /* channels that this core has filled and Linux has not answered */
#define IPCC_OWN(channels) ((channels) << 16)

/* "General-purpose timers (TIM2/TIM3/TIM4/TIM5)"; TIM5 counts 32 bits. */
#define TIM5(offset) CORE_REGISTER(0x40003000 + (offset))
#define TIM5_CR1     TIM5(0x00)
#define TIM5_CR1_CEN (1u << 0)
#define TIM5_DIER    TIM5(0x0c)
#define TIM5_SR	     TIM5(0x10)
#define TIM5_EGR     TIM5(0x14)
#define TIM5_CNT     TIM5(0x24)
#define TIM5_PSC     TIM5(0x28)
#define TIM5_ARR     TIM5(0x2c)
#define TIM5_CCR1    TIM5(0x34)
#define TIM_UPDATE   (1u << 0) /* these two in DIER, SR and EGR */
#define TIM_COMPARE1 (1u << 1)

/*
 * "DMA controller": stream 0 of DMA2. If a stream is off, all its settings may be changed. If it is
 * on, only its enables may.
 */
#define DMA2(offset)		CORE_REGISTER(0x48001000 + (offset))
#define DMA2_LISR		DMA2(0x00)
#define DMA2_LIFCR		DMA2(0x08)
#define DMA_STREAM0_FLAGS	0x3du
#define DMA_STREAM0_ERROR	(1u << 3)
#define DMA2_S0CR		DMA2(0x10)
#define DMA_CR_EN		(1u << 0)
#define DMA_CR_TEIE		(1u << 2)
#define DMA_CR_TCIE		(1u << 4)
#define DMA_CR_MEMORY_TO_MEMORY (2u << 6) /* from PAR, which stands still, to M0AR */
#define DMA_CR_MINC		(1u << 10)
#define DMA_CR_WORDS		(2u << 13 | 2u << 11)
#define DMA2_S0NDTR		DMA2(0x14)
#define DMA2_S0PAR		DMA2(0x18)
#define DMA2_S0M0AR		DMA2(0x1c)
#define DMA2_S0FCR		DMA2(0x24)
#define DMA_FCR_FULL		(3u << 0)
#define DMA_FCR_DMDIS		(1u << 2)

/* "System window watchdog" */
#define WWDG1_CR      CORE_REGISTER(0x4000a000)
#define WWDG1_CR_WDGA (1u << 7)

/* The table of the NVIC in "Interrupt list" */
#define IRQ_TIM5	  50u
#define IRQ_DMA2_STREAM0  56u
#define IRQ_IPCC_FILLED	  103u
#define IRQ_IPCC_ANSWERED 104u

#endif
