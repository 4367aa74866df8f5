/* SPDX-License-Identifier: MIT */
/* What the targets share: the entry that libFuzzer calls, blocks of exact size, and properties. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that does not hold ends the process, which is how a fuzzer is told. */
#define EXPECT(property) \
	do { \
		if (!(property)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #property); \
			abort(); \
		} \
	} while (0)

/* In a block of exactly their size, so that the address sanitizer sees a read past the end. To be freed. */
static inline char *exact_copy(const void *bytes, size_t size)
{
	char *copy = malloc(size ? size : 1);

	EXPECT(copy);
	if (size)
		memcpy(copy, bytes, size);
	else
		ASAN_POISON_MEMORY_REGION(copy, 1);
	return copy;
}

#endif
