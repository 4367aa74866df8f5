/* SPDX-License-Identifier: MIT */
#ifndef SDBCTL_LATENCY_H
#define SDBCTL_LATENCY_H

#include <stdint.h>

/* Four steps to each power of two: an error of a tenth, from a nanosecond to hours, in no more memory than this. */
#define LATENCY_STEPS 4

struct latency {
	uint64_t counts[64 * LATENCY_STEPS];
	uint64_t count;
	uint64_t sum_ns;
	uint64_t shortest_ns, longest_ns;
};

void latency_add(struct latency *latency, uint64_t ns);
/* The time below which this part (0 … 1) of all values lies, within a step. */
uint64_t latency_quantile(const struct latency *latency, double part);

#endif
