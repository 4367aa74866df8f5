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

enum fill_words {
	FILL_ALL,    /* the pattern, by this core */
	FILL_PAGES,  /* only the first word of each page, by this core */
	FILL_BY_DMA, /* all words the pattern's first one: a DMA cannot count */
};

struct fill {
	struct pattern pattern;
	uint32_t address;
	uint32_t length; /* bytes that are written: never more than were announced */
	uint32_t offset;
	uint32_t generation;
	enum fill_words words;
	bool dma_started;
};

enum fill_status {
	FILL_MORE,
	FILL_WAITS, /* the DMA is at work; there is more to do when platform_wait() returns */
	FILL_DONE,
	FILL_GONE, /* withdrawn or announced elsewhere meanwhile: nothing more was written */
};

/* False if there is no such buffer, or it is shorter than @length; for the DMA, if @length is no multiple of 4. */
bool fill_start(struct fill *fill, uint32_t index, uint32_t length, uint32_t seed,
		enum fill_words words);
enum fill_status fill_step(struct fill *fill);

/*
 * Does a whole fill. The service receives messages in between. False if the buffer or the link has
 * gone.
 */
bool fill_whole(struct fill *fill);

/* Nothing is written for it any more. */
void fill_abandon(struct fill *fill);

/* Fills of a buffer since it was announced, or since fill_reset_counts(). */
uint32_t fill_count(uint32_t index);
uint32_t fill_next_count(uint32_t index);
void fill_reset_counts(void);

/* The buffer has gone, or lies elsewhere: no fill under way may write to it any more. */
void fill_forget(uint32_t index);

#endif
