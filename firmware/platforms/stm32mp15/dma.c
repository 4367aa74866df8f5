// SPDX-License-Identifier: MIT
#include "dma.h"

#include "platform.h"
#include "registers.h"
#include "trace.h"

/* DMA2_S0NDTR has 16 bits. */
#define ITEMS_MAX 0xffffu

/* The DMA reads this word for each item. It can: this core's memory is on its bus too. */
static volatile uint32_t source;

static volatile uint32_t next_at, left;
static volatile bool ended;

const bool platform_has_dma = true;

/*
 * It is off as soon as the item under way is done: "it is read as 0 when the stream is ready to be
 * configured".
 */
static void switch_off(void)
{
	DMA2_S0CR = 0;
	while (DMA2_S0CR & DMA_CR_EN)
		;
	DMA2_LIFCR = DMA_STREAM0_FLAGS;
}

static void next_part(void)
{
	uint32_t items = left < ITEMS_MAX ? left : ITEMS_MAX;

	DMA2_S0NDTR = items;
	DMA2_S0PAR = (uint32_t)&source;
	DMA2_S0M0AR = next_at;
	/* From memory to memory everything goes through the FIFO. */
	DMA2_S0FCR = DMA_FCR_DMDIS | DMA_FCR_FULL;
	next_at += items * 4;
	left -= items;
	DMA2_S0CR = DMA_CR_MEMORY_TO_MEMORY | DMA_CR_MINC | DMA_CR_WORDS | DMA_CR_TCIE |
		    DMA_CR_TEIE | DMA_CR_EN;
}

void dma_start(void)
{
	RCC_MC_AHB2ENSETR = RCC_MC_AHB2ENSETR_DMA2EN;
	(void)RCC_MC_AHB2ENSETR;
	switch_off();
	NVIC_ISER(IRQ_DMA2_STREAM0) = NVIC_BIT(IRQ_DMA2_STREAM0);
}

void dma_interrupt(void)
{
	if (DMA2_LISR & DMA_STREAM0_ERROR) {
		trace("the DMA could not write near %08x", (unsigned int)DMA2_S0M0AR);
		left = 0;
	}
	DMA2_LIFCR = DMA_STREAM0_FLAGS;
	/* Read it back, so that the interrupt is gone before its handler returns. */
	(void)DMA2_LISR;
	if (left)
		next_part();
	else
		ended = true;
}

bool dma_take_ended(void)
{
	bool was = ended;

	ended = false;
	return was;
}

void platform_dma_fill(uint32_t to, uint32_t word, uint32_t words)
{
	source = word;
	next_at = to;
	left = words;
	ended = false;
	platform_barrier();
	next_part();
}

bool platform_dma_busy(void)
{
	return left || DMA2_S0CR & DMA_CR_EN;
}

void platform_dma_stop(void)
{
	uint32_t before = core_mask();

	left = 0;
	switch_off();
	core_restore(before);
}
