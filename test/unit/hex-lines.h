/* SPDX-License-Identifier: MIT */
/* Lines with bytes as hexadecimal digits, for the programs under test. */
#ifndef UNIT_HEX_LINES_H
#define UNIT_HEX_LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes, in a block of exactly their size, so that the address sanitizer sees a read past the end. */
static inline char *bytes_of(const char *hex, size_t *size)
{
	char *bytes;

	*size = strspn(hex, "0123456789abcdef") / 2;
	bytes = malloc(*size ? *size : 1);
	for (size_t i = 0; i < *size; i++) {
		unsigned int byte;

		sscanf(hex + 2 * i, "%2x", &byte);
		bytes[i] = (char)byte;
	}
	if (!*size)
		bytes = realloc(bytes, 1);
	return bytes;
}

static inline void print_hex(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		printf("%02x", (unsigned char)bytes[i]);
}

#endif
