// SPDX-License-Identifier: MIT
#include "pattern.h"

#define SEED_STEP  0x9e3779b1u
#define INDEX_STEP 0x85ebca77u
#define WORD_STEP  0x01000193u

#define WORD 4u
#define PAGE 4096u

static uint32_t pattern_word(const struct pattern *pattern, uint32_t offset)
{
	return pattern->seed * SEED_STEP + pattern->index * INDEX_STEP + offset / WORD * WORD_STEP;
}

void pattern_write(const struct pattern *pattern, void *to, uint32_t offset, uint32_t length)
{
	uint32_t word = pattern_word(pattern, offset);
	uint32_t *out = to;
	uint8_t *tail;

	/* Eight words a round, because all throughput figures depend on this loop. */
	for (; length >= 8 * WORD; length -= 8 * WORD) {
		out[0] = word;
		out[1] = word + 1 * WORD_STEP;
		out[2] = word + 2 * WORD_STEP;
		out[3] = word + 3 * WORD_STEP;
		out[4] = word + 4 * WORD_STEP;
		out[5] = word + 5 * WORD_STEP;
		out[6] = word + 6 * WORD_STEP;
		out[7] = word + 7 * WORD_STEP;
		word += 8 * WORD_STEP;
		out += 8;
	}
	for (; length >= WORD; length -= WORD) {
		*out++ = word;
		word += WORD_STEP;
	}
	for (tail = (uint8_t *)out; length; length--) {
		*tail++ = (uint8_t)word;
		word >>= 8;
	}
}

uint32_t pattern_first_word(const struct pattern *pattern)
{
	return pattern_word(pattern, 0);
}

uint32_t pattern_differences(const struct pattern *pattern, const void *from, uint32_t offset,
			     uint32_t length, uint32_t *first)
{
	const uint32_t *in = from;
	uint32_t at, different = 0;

	for (at = 0; at < length; at += WORD) {
		uint32_t wrong = *in++ ^ pattern_word(pattern, offset + at);
		uint32_t byte;

		for (byte = at; wrong && byte < length; byte++, wrong >>= 8) {
			if (!(uint8_t)wrong)
				continue;
			if (!different)
				*first = offset + byte;
			different++;
		}
	}
	return different;
}

void pattern_write_pages(const struct pattern *pattern, void *to, uint32_t offset, uint32_t length)
{
	uint32_t at;

	for (at = 0; at < length && length - at >= WORD; at += PAGE)
		*(uint32_t *)((uint8_t *)to + at) = pattern_word(pattern, offset + at);
}
