/* SPDX-License-Identifier: MIT */
/* The test firmware as a partner of a loop on this side: requests whose replies are numbers. */
#ifndef AGENT_FIRMWARE_H
#define AGENT_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "coprocessor.h"

struct firmware {
	/* told what went wrong */
	struct answer *answer;
	/* the last reply */
	char reply[COPROCESSOR_MESSAGE_MAX + 1];
};

/* False: it refused or did not answer, and the answer says so. */
bool firmware_ask(struct firmware *firmware, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The number behind "key=" in the last reply, or -1. */
int64_t firmware_number(const struct firmware *firmware, const char *key);

/*
 * Announcements and withdrawals leave in order, but may not have arrived yet. Before it streams, the firmware must
 * know these buffers and no others. Buffers of earlier files that nobody withdrew it knows for ever. With those this
 * fails.
 */
bool firmware_wait_registered(struct firmware *firmware, unsigned int buffers);

#endif
