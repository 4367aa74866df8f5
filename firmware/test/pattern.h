/* SPDX-License-Identifier: MIT */
/*
 * What a filled buffer holds: little-endian 32-bit words, of which word i of buffer INDEX filled
 * with SEED is SEED * 0x9e3779b1 + INDEX * 0x85ebca77 + i * 0x01000193, modulo 2^32. A tail of one
 * to three bytes holds the low bytes of the next word. All three factors are odd, so that a wrong
 * buffer, an earlier fill and a shifted word each show.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdint.h>

struct pattern {
	uint32_t index;
	uint32_t seed;
};

/* Bytes @offset … @offset + @length - 1 of the pattern; @to and @offset are multiples of 4. */
void pattern_write(const struct pattern *pattern, void *to, uint32_t offset, uint32_t length);

uint32_t pattern_first_word(const struct pattern *pattern);

/*
 * How many of these bytes are not the pattern's, and the offset of the first of them; @from and @offset are multiples
 * of 4.
 */
uint32_t pattern_differences(const struct pattern *pattern, const void *from, uint32_t offset,
			     uint32_t length, uint32_t *first);

/* The first word of each 4 KiB page of the same range only; @offset is a multiple of 4096. */
void pattern_write_pages(const struct pattern *pattern, void *to, uint32_t offset, uint32_t length);

#endif
