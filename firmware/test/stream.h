/* SPDX-License-Identifier: MIT */
/* Filling buffers and handing them to Linux, in turn, at a rate of the core's own timer. */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "fill.h"

/* Longest payload: 24 records of 20 bytes fit in 496. */
#define STREAM_BATCH_MAX 24u

struct stream_order {
	uint32_t length; /* bytes a fill */
	uint32_t count;	 /* fills in all, 0: until stream_stop() */
	uint32_t rate;	 /* fills a second, 0: as fast as it goes */
	uint32_t batch;	 /* records a payload, 1 … STREAM_BATCH_MAX */
	bool flow;	 /* only buffers that Linux handed over */
	bool fill;	 /* or just say so */
	enum fill_words words;
};

struct stream_status {
	bool streaming;
	uint32_t fills;
	uint32_t sent; /* transfers that are in Linux's ring */
	uint32_t full; /* times the ring was full */
	uint64_t us;   /* from start to end, or to now */
};

void stream_start(const struct stream_order *order);
void stream_stop(void);
void stream_get(struct stream_status *status);

/*
 * Does a step. Returns whether it did anything. If not, and if it waits for a time, *wake is not
 * later than that.
 */
bool stream_poll(uint64_t *wake);

#endif
