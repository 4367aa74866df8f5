/* SPDX-License-Identifier: MIT */
/* The endpoint by which tests tell the firmware what to do. README.md has its requests. */
#ifndef TEST_ENDPOINT_H
#define TEST_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct request {
	uint32_t client;    /* address to reply to */
	struct words words; /* after the verb */
};

/* The verbs, by what they are about. Each replies once, by reply_ok() or reply_error(). */
struct verb {
	const char *name;
	void (*handle)(struct request *request);
};

extern const struct verb verbs_of_buffers[];
extern const struct verb verbs_of_channel[];
extern const struct verb verbs_of_core[];

void test_endpoint_receive(uint32_t client, const uint8_t *payload, size_t length);

/* Plain "ok". */
void reply_done(uint32_t client);

/* "ok …", "error …" and, before them, any number of "+ …". */
void reply_ok(uint32_t client, const char *format, ...) __attribute__((format(printf, 2, 3)));
void reply_error(uint32_t client, const char *format, ...) __attribute__((format(printf, 2, 3)));
void reply_line(uint32_t client, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Forget all that tests have set. `reset` does this, and so does each start of a Linux. Buffers
 * stay.
 */
void test_endpoint_reset(void);

#endif
