// SPDX-License-Identifier: MIT
#include "scribble.h"

#include "pattern.h"

#define RANGES 2048u
#define STEP   32768u

struct range {
	uint32_t index;
	uint32_t address;
	uint32_t length;
};

static struct range ranges[RANGES];
static uint32_t count, lost;
static bool switched_on;

/* Where the writing has got to. */
static uint32_t current, offset, round;

void scribble_add(uint32_t index, uint32_t address, uint32_t length)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (ranges[i].index != index || ranges[i].address != address)
			continue;
		if (ranges[i].length < length)
			ranges[i].length = length;
		return;
	}
	if (count == RANGES) {
		lost++;
		return;
	}
	ranges[count++] = (struct range){ index, address, length };
}

void scribble_remove(uint32_t index)
{
	uint32_t i = 0;

	while (i < count) {
		if (ranges[i].index == index)
			ranges[i] = ranges[--count];
		else
			i++;
	}
	/* The last range may have moved: begin it anew. */
	offset = 0;
}

void scribble_switch(bool on)
{
	switched_on = on;
}

uint32_t scribble_ranges(void)
{
	return count;
}

uint32_t scribble_lost(void)
{
	return lost;
}

bool scribble_poll(void)
{
	struct pattern pattern;
	const struct range *range;
	uint32_t length;

	if (!switched_on || !count)
		return false;
	if (current >= count) {
		current = 0;
		offset = 0;
		round++;
	}
	range = &ranges[current];
	if (offset >= range->length) {
		offset = 0;
		current++;
		return true;
	}
	length = range->length - offset;
	if (length > STEP)
		length = STEP;
	pattern.index = range->index;
	pattern.seed = round;
	pattern_write(&pattern, (void *)(uintptr_t)(range->address + offset), offset, length);
	offset += length;
	return true;
}
