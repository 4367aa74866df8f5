/* SPDX-License-Identifier: MIT */
/* An open /dev/rpmsg_sdb with buffers, as an application of version 1 or of version 2 has it. */
#ifndef AGENT_BENCH_SESSION_H
#define AGENT_BENCH_SESSION_H

#include <rpmsg_sdb.h>

#include "measure.h"

#define SESSION_BUFFERS_MAX 1024

struct session {
	int fd;
	unsigned int count;
	uint32_t length;
	/* RPMSG_SDB_… of the buffers to come, and whether these are mapped: 0, and if the firmware is to fill them */
	uint32_t flags;
	bool is_mapped;
	volatile uint32_t *memory[SESSION_BUFFERS_MAX];
	/* version 1 only; -1 otherwise */
	int eventfd[SESSION_BUFFERS_MAX];
};

bool session_open(struct session *session, struct bench *bench, uint32_t length);

/* Version 2: until there are @count buffers. */
bool session_allocate(struct session *session, struct bench *bench, unsigned int count);

/* Version 2: each empty buffer, once. Whoever takes a transfer hands its buffer back. */
bool session_hand_over_all(const struct session *session, struct bench *bench);

/* Version 1: the next buffer, with an eventfd, in the order of ST's application. */
bool session_map(struct session *session, struct bench *bench);

/* Version 2: frees all buffers but the first @count. */
bool session_free(struct session *session, struct bench *bench, unsigned int count);

/* Waits until the coprocessor has said that it takes buffers. */
bool session_wait_handover(struct session *session, struct bench *bench);

void session_close(struct session *session);

#endif
