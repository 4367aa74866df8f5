// SPDX-License-Identifier: MIT
/* What this board's memory does at best: memcpy() between two buffers of this process. */
#include <stdlib.h>
#include <string.h>

#include "measure.h"

bool bench_copy(struct bench *bench)
{
	size_t length = bench->options.length;
	char *from = malloc(length), *to = malloc(length);

	if (!from || !to)
		return bench_fail(bench, "malloc");
	memset(from, 1, length);
	memset(to, 2, length);
	for (uint32_t round = 0; round < bench->options.rounds; round++) {
		struct region region;

		region_begin(&region);
		for (; region.events < bench->options.count; region.events++) {
			memcpy(to, from, length);
			/* or the compiler would see that nobody looks at it */
			__asm__ volatile("" ::"r"(to) : "memory");
		}
		region.bytes = region.events * length;
		region_end(&region, bench, "copy");
	}
	free(from);
	free(to);
	return true;
}
