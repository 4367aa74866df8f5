/* SPDX-License-Identifier: MIT */
#ifndef PATTERN_OF_FILLS_H
#define PATTERN_OF_FILLS_H

#include <stdint.h>

/* What the examples sample: word i of fill n is n << 16 | i. Fills are counted from the firmware's start. */
static inline void next_fill(volatile uint32_t *to, uint32_t bytes)
{
	static uint32_t fills;
	uint32_t i;

	for (i = 0; i < bytes / sizeof(*to); i++)
		to[i] = fills << 16 | (i & 0xffff);
	fills++;
}

#endif
