// SPDX-License-Identifier: MIT
#include "ipcc.h"

#include "registers.h"

#define BIT(channel) (1u << (channel))
#define CHANNELS     (BIT(IPCC_VQ0) | BIT(IPCC_VQ1) | BIT(IPCC_SHUTDOWN) | BIT(IPCC_DETACH))
#define DOORBELLS    (BIT(IPCC_VQ0) | BIT(IPCC_VQ1))
#define ALL	     0x3fu

/* Requests that Linux waits for: they stay filled until they have been done. */
static volatile uint32_t asked;

/*
 * Rings that found the one before unanswered. A second one would be lost: Linux answers after it has
 * looked at the ring, and what came in between would wait for the next doorbell.
 */
static volatile uint32_t owed;

/* Channels that Linux fills and nobody answers, for tests. */
static volatile uint32_t ignored;

static volatile bool rung;

static void set_mask(void)
{
	uint32_t unwanted = (ALL & ~CHANNELS) | asked | ignored;

	IPCC_C2MR = unwanted | IPCC_OWN(ALL & ~owed);
}

static void change(uint32_t channels)
{
	IPCC_C2SCR = channels;
	/* Read back: an interrupt that is answered must be gone before its handler returns. */
	(void)IPCC_C2TOC1SR;
}

void ipcc_start(void)
{
	asked = 0;
	owed = 0;
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

	if (IPCC_C2TOC1SR & BIT(channel)) {
		owed |= BIT(channel);
		set_mask();
	} else {
		change(IPCC_OWN(BIT(channel)));
	}
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
	uint32_t answered = owed & ~IPCC_C2TOC1SR;

	asked |= filled & ~DOORBELLS;
	owed &= ~answered;
	change((filled & DOORBELLS) | IPCC_OWN(answered));
	set_mask();
	rung = true;
}
