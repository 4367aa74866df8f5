// SPDX-License-Identifier: MIT
#include "ipcc.h"

#include "registers.h"

#define BIT(channel) (1u << (channel))
#define CHANNELS     (BIT(IPCC_VQ0) | BIT(IPCC_VQ1) | BIT(IPCC_SHUTDOWN) | BIT(IPCC_DETACH))
#define DOORBELLS    (BIT(IPCC_VQ0) | BIT(IPCC_VQ1))
#define ALL	     0x3fu

/* Linux waits for these requests. Their channels stay filled until they have been done. */
static volatile uint32_t asked;

/*
 * Rings that have to wait. A ring is lost if the ring before it on the same channel is unanswered:
 * Linux answers after it has looked at its vring, and what came in between would wait for the next
 * ring.
 *
 * A ring on another channel can be lost too. Older device trees make Linux's interrupt of filled
 * channels an edge (exti 61, type 1), and the line stays up for as long as any of them is filled. If
 * Linux has read the status when the second ring comes, and answers the first one, there is no edge
 * again. So this core rings only when Linux has answered everything.
 */
static volatile uint32_t owed;

/* Rings that are unanswered while others wait for these answers. */
static volatile uint32_t awaited;

/* For tests: channels that Linux fills and that are not answered. */
static volatile uint32_t ignored;

static volatile bool rung;

static void set_mask(void)
{
	uint32_t unwanted = (ALL & ~CHANNELS) | asked | ignored;

	IPCC_C2MR = unwanted | IPCC_OWN(ALL & ~awaited);
}

static void change(uint32_t channels)
{
	IPCC_C2SCR = channels;
	/* Read it back, so that the interrupt is gone before its handler returns. */
	(void)IPCC_C2TOC1SR;
}

/*
 * To be called with interrupts masked. The status is read once. An answer that comes later raises
 * the interrupt.
 */
static void ring_owed(void)
{
	uint32_t out = IPCC_C2TOC1SR & CHANNELS;

	if (!out) {
		change(IPCC_OWN(owed));
		owed = 0;
	}
	awaited = owed ? out : 0;
	set_mask();
}

void ipcc_start(void)
{
	asked = 0;
	owed = 0;
	awaited = 0;
	ignored = 0;
	RCC_MC_AHB3ENSETR = RCC_MC_AHB3ENSETR_IPCCEN;
	(void)RCC_MC_AHB3ENSETR;
	IPCC_C2MR = ~0u;
	IPCC_C2CR = IPCC_C2CR_RXOIE | IPCC_C2CR_TXFIE;
	change(CHANNELS);
	set_mask();
	NVIC_ISER(IRQ_IPCC_FILLED) = NVIC_BIT(IRQ_IPCC_FILLED);
	NVIC_ISER(IRQ_IPCC_ANSWERED) = NVIC_BIT(IRQ_IPCC_ANSWERED);
}

void ipcc_ring(enum ipcc_channel channel)
{
	uint32_t before = core_mask();

	owed |= BIT(channel);
	ring_owed();
	core_restore(before);
}

void ipcc_listen(enum ipcc_channel channel, bool listen)
{
	uint32_t before = core_mask();

	if (listen)
		ignored &= ~BIT(channel);
	else
		ignored |= BIT(channel);
	set_mask();
	core_restore(before);
}

bool ipcc_asked(enum ipcc_channel channel)
{
	return asked & BIT(channel);
}

void ipcc_answer(enum ipcc_channel channel)
{
	uint32_t before = core_mask();

	asked &= ~BIT(channel);
	change(BIT(channel));
	set_mask();
	core_restore(before);
}

bool ipcc_rung(void)
{
	return rung;
}

void ipcc_forget_ring(void)
{
	rung = false;
}

void ipcc_interrupt(void)
{
	uint32_t filled = IPCC_C1TOC2SR & CHANNELS & ~asked & ~ignored;

	asked |= filled & ~DOORBELLS;
	change(filled & DOORBELLS);
	ring_owed();
	rung = true;
}
