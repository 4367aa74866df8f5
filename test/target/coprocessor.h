/* SPDX-License-Identifier: MIT */
/*
 * The test firmware's own endpoint (address 0x401, not announced), reached through rpmsg_ctrl and rpmsg_char.
 */
#ifndef AGENT_COPROCESSOR_H
#define AGENT_COPROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

/* one RPMsg payload */
#define COPROCESSOR_MESSAGE_MAX 496

/* Called for each payload that comes back, the last one included. */
typedef void (*coprocessor_reply)(void *context, const char *bytes, size_t length);

enum coprocessor_outcome {
	COPROCESSOR_OK,
	/* the firmware answered "error …" */
	COPROCESSOR_REFUSED,
	/* no endpoint, no answer in time, or gone meanwhile: errno says which */
	COPROCESSOR_UNREACHABLE,
};

/*
 * Sends one request and waits for its last reply ("ok…" or "error…"). A channel that is not there yet is waited for:
 * it can appear half a second after the coprocessor's start. One caller at a time, guarded inside.
 */
enum coprocessor_outcome coprocessor_request(const char *request, size_t length, int timeout_ms,
					     coprocessor_reply reply, void *context);

/* Leaves the endpoint to the next one who asks. */
void coprocessor_close(void);
/* In a child, after fork(): the endpoint belongs to the parent. */
void coprocessor_forget(void);

/* `agent coprocessor REQUEST…`: replies as lines; the exit code. */
int coprocessor_main(int argc, char **argv);

#endif
