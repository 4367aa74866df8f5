/* SPDX-License-Identifier: MIT */
/*
 * What the test firmware writes into a buffer (firmware/README.md): little-endian 32-bit words,
 * word i of a fill = seed * 0x9E3779B1 + index * 0x85EBCA77 + i * 0x01000193. A tail of 1 to 3 bytes holds the low
 * bytes of the next word. So a wrong buffer, a stale fill and a shifted one all differ, and tell which they are.
 */
#ifndef AGENT_PATTERN_H
#define AGENT_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#define PATTERN_SEED 0x9E3779B1u
/* times PATTERN_SEED is 1, modulo 2^32 */
#define PATTERN_SEED_INVERSE 0x0E8B2F51u
#define PATTERN_INDEX	     0x85EBCA77u
#define PATTERN_STEP	     0x01000193u

static inline uint32_t pattern_word(uint32_t index, uint32_t seed, size_t i)
{
	return seed * PATTERN_SEED + index * PATTERN_INDEX + (uint32_t)i * PATTERN_STEP;
}

struct pattern_check {
	/* words looked at, a tail counted as one */
	size_t words;
	size_t wrong;
	/* of the first wrong word */
	size_t offset;
	uint32_t expected, found;
	/* wrong words that are right for a later fill of the same buffer, up to PATTERN_LATER fills on: a starved reader's */
	size_t later;
};

#define PATTERN_LATER 65536

/* stride in words: 1 looks at each, 1024 at one a page. The buffer starts at word 0 of the fill. */
void pattern_verify(struct pattern_check *check, const volatile void *buffer, size_t length,
		    uint32_t index, uint32_t seed, size_t stride);
/* The fill is a DMA's: each word is the pattern's first. The length is a multiple of 4. */
void pattern_verify_dma(struct pattern_check *check, const volatile void *buffer, size_t length,
			uint32_t index, uint32_t seed);
void pattern_fill(volatile void *buffer, size_t length, uint32_t index, uint32_t seed);

#endif
