/* SPDX-License-Identifier: MIT */
/*
 * A hand of the test on one core: the core does the accesses that it is told, one at a time, and says how each ended.
 * The address of HAND is where the two of them meet.
 */
#ifndef HAND_H
#define HAND_H

#include <stdint.h>

#define INTERRUPTS 150

/*
 * All but IDLE, READ, WRITE and RUN are of the MPU alone. MAP turns its MMU on with the table at the address. DOMAINS and SPACE write
 * DACR and CONTEXTIDR; FORGET_PAGE, FORGET_SPACE and FORGET_ALL take translations from it.
 * READ_AS_APPLICATION reads with the rights of one, RUN_AS_APPLICATION calls what is at the address, and RUN does so with
 * the kernel's. Of the MCU it calls Thumb code, whose address is odd. MAP_LONG is MAP with long descriptors: in MAIR0 attribute 0 is a device, 1 is cacheable, 2 is not.
 */
enum order {
	IDLE,
	READ,
	WRITE,
	INVALIDATE,
	CLEAN,
	CLEAN_INVALIDATE,
	CLEAN_SET_WAY,
	MAP,
	DOMAINS,
	SPACE,
	FORGET_PAGE,
	FORGET_SPACE,
	FORGET_ALL,
	READ_AS_APPLICATION,
	RUN,
	RUN_AS_APPLICATION,
	MAP_LONG
};

struct hand {
	uint32_t turns; /* goes up as long as the core runs */
	uint32_t order;
	uint32_t address;
	uint32_t value;
	uint32_t fault; /* of this order: the core's own register, 0 if there was none */
	uint32_t taken[INTERRUPTS]; /* how often each interrupt came */
};

#define hand ((volatile struct hand *)HAND)

_Noreturn void serve(void);

#endif
