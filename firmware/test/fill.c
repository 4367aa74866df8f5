// SPDX-License-Identifier: MIT
#include "fill.h"

#include "channel.h"
#include "link.h"
#include "memory.h"

/* A fifth of a millisecond or so; a multiple of the page that pattern_write_pages() counts in. */
#define FILL_STEP 65536u

static uint32_t counts[CHANNEL_BUFFERS];
static uint32_t generations[CHANNEL_BUFFERS];

bool fill_start(struct fill *fill, uint32_t index, uint32_t length, uint32_t seed)
{
	struct sdb_buffer buffer;

	if (!channel_buffer(index, &buffer))
		return false;
	if (channel_personality() == PERSONALITY_ST) {
		/* ST's firmware would write on; the message will say so, the memory is spared. */
		if (length > buffer.length)
			length = buffer.length;
	} else if (length > buffer.length) {
		return false;
	}
	fill->pattern.index = index;
	fill->pattern.seed = seed;
	fill->address = buffer.address;
	fill->length = length;
	fill->offset = 0;
	fill->generation = generations[index];
	fill->pages_only = false;
	return true;
}

enum fill_status fill_step(struct fill *fill)
{
	void *to = (void *)(uintptr_t)(fill->address + fill->offset);
	uint32_t length = fill->length - fill->offset;

	if (fill->generation != generations[fill->pattern.index])
		return FILL_GONE;
	if (length > FILL_STEP)
		length = FILL_STEP;
	if (fill->pages_only)
		pattern_write_pages(&fill->pattern, to, fill->offset, length);
	else
		pattern_write(&fill->pattern, to, fill->offset, length);
	fill->offset += length;
	return fill->offset == fill->length ? FILL_DONE : FILL_MORE;
}

bool fill_whole(struct fill *fill)
{
	enum fill_status status;

	do {
		if (!link_breathe())
			return false;
		status = fill_step(fill);
	} while (status == FILL_MORE);
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
	counts[index] = 0;
	generations[index]++;
}
