// SPDX-License-Identifier: MIT
/*
 * Copies words where both sides are aligned. Rings and buffers lie in memory that the core sees as
 * Device or Strongly-ordered. There unaligned accesses fault, and each access goes over the bus.
 */
#include "memory.h"

#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) word;

#define ALIGNED(a) (((uintptr_t)(a) & (sizeof(word) - 1)) == 0)

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	const unsigned char *in = from;
	unsigned char *out = to;

	if (ALIGNED(to) && ALIGNED(from)) {
		for (; length >= sizeof(word); length -= sizeof(word)) {
			*(word *)out = *(const word *)in;
			out += sizeof(word);
			in += sizeof(word);
		}
	}
	while (length--)
		*out++ = *in++;
	return to;
}

void *memmove(void *to, const void *from, size_t length)
{
	const unsigned char *in = from;
	unsigned char *out = to;

	if (out <= in)
		return memcpy(to, from, length);
	while (length--)
		out[length] = in[length];
	return to;
}

void *memset(void *to, int value, size_t length)
{
	unsigned char *out = to;

	while (length--)
		*out++ = (unsigned char)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
	const unsigned char *left = a, *right = b;

	for (; length; length--, left++, right++) {
		if (*left != *right)
			return *left < *right ? -1 : 1;
	}
	return 0;
}

size_t strlen(const char *string)
{
	size_t length = 0;

	while (string[length])
		length++;
	return length;
}
