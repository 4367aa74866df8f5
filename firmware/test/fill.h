/* SPDX-License-Identifier: MIT */
/*
 * Filling one buffer with the pattern, in steps short enough that Linux need not wait for
 * anything else the firmware does.
 */
#ifndef FILL_H
#define FILL_H

#include <stdbool.h>
#include <stdint.h>

#include "pattern.h"

struct fill {
	struct pattern pattern;
	uint32_t address;
	uint32_t length; /* that is written: never beyond what was announced */
	uint32_t offset;
	uint32_t generation;
	bool pages_only;
};

enum fill_status {
	FILL_MORE,
	FILL_DONE,
	FILL_GONE, /* withdrawn or announced elsewhere meanwhile: nothing more was written */
};

/* False if there is no such buffer, or it is shorter than @length. */
bool fill_start(struct fill *fill, uint32_t index, uint32_t length, uint32_t seed);
enum fill_status fill_step(struct fill *fill);

/* Whole fill, letting the service receive in between. False if the buffer or the link has gone. */
bool fill_whole(struct fill *fill);

/* Fills of a buffer since it was announced, or since fill_reset_counts(). */
uint32_t fill_count(uint32_t index);
uint32_t fill_next_count(uint32_t index);
void fill_reset_counts(void);

/* The buffer has gone, or lies elsewhere: no fill under way may write to it any more. */
void fill_forget(uint32_t index);

#endif
