/* SPDX-License-Identifier: MIT */
/* Doorbells between Linux and this core: the mailboxes of the mainline device tree's m4_rproc. */
#ifndef IPCC_H
#define IPCC_H

#include <stdbool.h>
#include <stdint.h>

/* Their order in the device tree's mboxes property. */
enum ipcc_channel {
	IPCC_VQ0,
	IPCC_VQ1,
	IPCC_SHUTDOWN,
	IPCC_DETACH,
};

/* Answers what an earlier run of the firmware left unanswered, then takes interrupts. */
void ipcc_start(void);

/* Rings now, or as soon as Linux has answered the ring before. */
void ipcc_ring(enum ipcc_channel channel);

/*
 * Whether to answer Linux's rings. A ring that is not answered stays. It is found when rings are
 * answered again.
 */
void ipcc_listen(enum ipcc_channel channel, bool listen);

/* Whether Linux rang. For the two channels that are unanswered until ipcc_answer(). */
bool ipcc_asked(enum ipcc_channel channel);
void ipcc_answer(enum ipcc_channel channel);

/* Whether Linux rang or answered since it was last forgotten. */
bool ipcc_rung(void);
void ipcc_forget_ring(void);

/* On either of the IPCC's interrupts. */
void ipcc_interrupt(void);

#endif
