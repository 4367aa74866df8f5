// SPDX-License-Identifier: MIT
#include "pattern.h"

#include <stdbool.h>
#include <string.h>

static bool is_later_fill(uint32_t expected, uint32_t found)
{
	/* difference = fills * PATTERN_SEED, modulo 2^32 */
	uint32_t fills = (found - expected) * PATTERN_SEED_INVERSE;

	return fills >= 1 && fills <= PATTERN_LATER;
}

static void note_wrong(struct pattern_check *check, size_t offset, uint32_t expected,
		       uint32_t found)
{
	if (!check->wrong) {
		check->offset = offset;
		check->expected = expected;
		check->found = found;
	}
	check->wrong++;
}

static void verify_words(struct pattern_check *check, const volatile uint32_t *word, size_t count,
			 size_t stride, uint32_t expected, uint32_t step)
{
	memset(check, 0, sizeof(*check));
	for (size_t i = 0; i < count; i += stride, expected += step) {
		uint32_t found = word[i];

		check->words++;
		if (found == expected)
			continue;
		note_wrong(check, i * sizeof(*word), expected, found);
		if (is_later_fill(expected, found))
			check->later++;
	}
}

void pattern_verify_dma(struct pattern_check *check, const volatile void *buffer, size_t length,
			uint32_t index, uint32_t seed)
{
	verify_words(check, buffer, length / sizeof(uint32_t), 1, pattern_word(index, seed, 0), 0);
}

void pattern_verify(struct pattern_check *check, const volatile void *buffer, size_t length,
		    uint32_t index, uint32_t seed, size_t stride)
{
	const volatile uint32_t *word = buffer;
	size_t count = length / sizeof(*word);
	size_t tail = length % sizeof(*word);

	verify_words(check, word, count, stride, pattern_word(index, seed, 0),
		     (uint32_t)stride * PATTERN_STEP);
	if (tail && stride == 1) {
		const volatile unsigned char *byte = (const volatile unsigned char *)(word + count);
		uint32_t mask = 0xffffffffu >> (32 - 8 * tail), found = 0;
		uint32_t expected;

		expected = pattern_word(index, seed, count) & mask;
		for (size_t i = 0; i < tail; i++)
			found |= (uint32_t)byte[i] << (8 * i);
		check->words++;
		if (found != expected)
			note_wrong(check, count * sizeof(*word), expected, found);
	}
}

void pattern_fill(volatile void *buffer, size_t length, uint32_t index, uint32_t seed)
{
	volatile uint32_t *word = buffer;
	size_t count = length / sizeof(*word);
	uint32_t last = pattern_word(index, seed, count);
	volatile unsigned char *byte = (volatile unsigned char *)(word + count);

	for (size_t i = 0; i < count; i++)
		word[i] = pattern_word(index, seed, i);
	for (size_t i = 0; i < length % sizeof(*word); i++)
		byte[i] = (unsigned char)(last >> (8 * i));
}
