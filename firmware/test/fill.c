// SPDX-License-Identifier: MIT
#include "fill.h"

#include "channel.h"
#include "link.h"
#include "memory.h"
#include "platform.h"

/*
 * It takes about a fifth of a millisecond. It is a multiple of the page that pattern_write_pages()
 * counts in.
 */
#define FILL_STEP 65536u

static uint32_t counts[CHANNEL_BUFFERS];
static uint32_t generations[CHANNEL_BUFFERS];

/* The buffer that the DMA is at work in, if it is. */
static uint32_t dma_index;
static bool dma_on;

static void stop_dma(void)
{
	if (dma_on)
		platform_dma_stop();
	dma_on = false;
}

bool fill_start(struct fill *fill, uint32_t index, uint32_t length, uint32_t seed,
		enum fill_words words)
{
	struct sdb_buffer buffer;

	if (!channel_buffer(index, &buffer))
		return false;
	if (channel_personality() == PERSONALITY_ST) {
		/*
		 * ST's firmware would write on. The message will say that it did, but the memory
		 * behind the buffer is not touched.
		 */
		if (length > buffer.length)
			length = buffer.length;
	} else if (length > buffer.length) {
		return false;
	}
	if (words == FILL_BY_DMA && length % 4)
		return false;
	fill->pattern.index = index;
	fill->pattern.seed = seed;
	fill->address = buffer.address;
	fill->length = length;
	fill->offset = 0;
	fill->generation = generations[index];
	fill->words = words;
	fill->dma_started = false;
	return true;
}

static enum fill_status dma_step(struct fill *fill)
{
	if (!fill->dma_started && fill->length) {
		dma_index = fill->pattern.index;
		dma_on = true;
		fill->dma_started = true;
		platform_dma_fill(fill->address, pattern_first_word(&fill->pattern),
				  fill->length / 4);
	}
	if (dma_on && platform_dma_busy())
		return FILL_WAITS;
	dma_on = false;
	return FILL_DONE;
}

enum fill_status fill_step(struct fill *fill)
{
	void *to = (void *)(uintptr_t)(fill->address + fill->offset);
	uint32_t length = fill->length - fill->offset;

	if (fill->generation != generations[fill->pattern.index])
		return FILL_GONE;
	if (fill->words == FILL_BY_DMA)
		return dma_step(fill);
	if (length > FILL_STEP)
		length = FILL_STEP;
	if (fill->words == FILL_PAGES)
		pattern_write_pages(&fill->pattern, to, fill->offset, length);
	else
		pattern_write(&fill->pattern, to, fill->offset, length);
	fill->offset += length;
	return fill->offset == fill->length ? FILL_DONE : FILL_MORE;
}

void fill_abandon(struct fill *fill)
{
	if (fill->dma_started)
		stop_dma();
}

bool fill_whole(struct fill *fill)
{
	enum fill_status status;

	do {
		if (!link_breathe()) {
			fill_abandon(fill);
			return false;
		}
		status = fill_step(fill);
		if (status == FILL_WAITS)
			link_sleep(PLATFORM_FOREVER);
	} while (status == FILL_MORE || status == FILL_WAITS);
	return status == FILL_DONE;
}

uint32_t fill_count(uint32_t index)
{
	return counts[index];
}

uint32_t fill_next_count(uint32_t index)
{
	return counts[index]++;
}

void fill_reset_counts(void)
{
	memset(counts, 0, sizeof(counts));
}

void fill_forget(uint32_t index)
{
	if (dma_on && dma_index == index)
		stop_dma();
	counts[index] = 0;
	generations[index]++;
}
