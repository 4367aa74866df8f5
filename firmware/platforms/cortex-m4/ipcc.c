// SPDX-License-Identifier: MIT
#include "ipcc.h"

#include "board.h"
#include "core.h"

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

static volatile bool rung;

static void set_mask(void)
{
	uint32_t unwanted = (ALL & ~CHANNELS) | asked;

	board_ipcc_mask(unwanted | IPCC_TO_LINUX(ALL & ~owed));
}

void ipcc_start(void)
{
	asked = 0;
	owed = 0;
	board_ipcc_change(CHANNELS);
	set_mask();
	NVIC_ISER(board_ipcc_filled_irq) = NVIC_BIT(board_ipcc_filled_irq);
	NVIC_ISER(board_ipcc_answered_irq) = NVIC_BIT(board_ipcc_answered_irq);
}

void ipcc_ring(enum ipcc_channel channel)
{
	uint32_t before = core_mask();

	if (board_ipcc_to_linux() & BIT(channel)) {
		owed |= BIT(channel);
		set_mask();
	} else {
		board_ipcc_change(IPCC_TO_LINUX(BIT(channel)));
	}
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
	board_ipcc_change(BIT(channel));
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
	uint32_t filled = board_ipcc_from_linux() & CHANNELS & ~asked;
	uint32_t answered = owed & ~board_ipcc_to_linux();

	asked |= filled & ~DOORBELLS;
	owed &= ~answered;
	board_ipcc_change((filled & DOORBELLS) | IPCC_TO_LINUX(answered));
	set_mask();
	rung = true;
}
