// SPDX-License-Identifier: MIT
/* Registers as in the STM32MP15 reference manual, RM0436; interrupt numbers as in its table of the NVIC. */
#include "board.h"

#include "clock.h"
#include "core.h"
#include "platform.h"
#include "registers.h"

#define IPCC(offset)	CORE_REGISTER(0x4c001000 + (offset))
#define IPCC_C1TOC2SR	IPCC(0x0c)
#define IPCC_C2CR	IPCC(0x10)
#define IPCC_C2CR_RXOIE (1u << 0)
#define IPCC_C2CR_TXFIE (1u << 16)
#define IPCC_C2MR	IPCC(0x14)
#define IPCC_C2SCR	IPCC(0x18)
#define IPCC_C2TOC1SR	IPCC(0x1c)

#define WWDG1_CR      CORE_REGISTER(0x4000a000)
#define WWDG1_CR_WDGA (1u << 7)

const char platform_name[] = "stm32mp15";

/* DDR as far as this core can address it: the core's own registers follow at 0xe0000000. */
const struct sdb_window platform_windows[] = { { 0xc0000000, 0xdfffffff } };
const size_t platform_window_count = 1;

const struct mpu_region board_regions[] = {
	{ 0x00000000, 16, MPU_CONSTANT }, /* retram: vectors */
	{ 0x10000000, 16, MPU_CODE },
	{ 0x10010000, 16, MPU_DATA },
	{ 0x10020000, 17, MPU_DATA },
	{ 0x10040000, 15, MPU_SHARED }, /* vrings and their buffers */
	{ 0xc0000000, 29, MPU_SHARED },
};
const size_t board_region_count = 6;

const uint32_t board_ipcc_filled_irq = 103, board_ipcc_answered_irq = 104;

uint32_t board_ipcc_from_linux(void)
{
	return IPCC_C1TOC2SR;
}

uint32_t board_ipcc_to_linux(void)
{
	return IPCC_C2TOC1SR;
}

void board_ipcc_mask(uint32_t mask)
{
	IPCC_C2MR = mask;
}

void board_ipcc_change(uint32_t channels)
{
	IPCC_C2SCR = channels;
	/* Read back: an interrupt that is answered must be gone before its handler returns. */
	(void)IPCC_C2TOC1SR;
}

void board_start(void)
{
	RCC_MC_AHB3ENSETR = RCC_MC_AHB3ENSETR_IPCCEN;
	(void)RCC_MC_AHB3ENSETR;
	IPCC_C2MR = ~0u;
	IPCC_C2CR = IPCC_C2CR_RXOIE | IPCC_C2CR_TXFIE;
}

void board_interrupt(uint32_t irq)
{
	(void)irq;
}

uint32_t board_clock_hz(void)
{
	return clock_hz();
}

/* A watchdog that is started with its counter run out resets the core, of which Linux is told. */
void board_bite(void)
{
	RCC_MC_APB1ENSETR = RCC_MC_APB1ENSETR_WWDG1EN;
	(void)RCC_MC_APB1ENSETR;
	WWDG1_CR = WWDG1_CR_WDGA;
}
