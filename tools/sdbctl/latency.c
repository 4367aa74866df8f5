// SPDX-License-Identifier: MIT
#include "latency.h"

static unsigned int step_of(uint64_t ns)
{
	unsigned int power = ns ? 63 - (unsigned int)__builtin_clzll(ns) : 0;

	/* The two bits below the first one. */
	return power < 2 ? (unsigned int)ns :
			   power * LATENCY_STEPS + (unsigned int)(ns >> (power - 2) & 3);
}

/* Where the step ends. */
static uint64_t end_of(unsigned int step)
{
	if (step < 2 * LATENCY_STEPS)
		return step;
	return (uint64_t)(LATENCY_STEPS + step % LATENCY_STEPS + 1) << (step / LATENCY_STEPS - 2);
}

void latency_add(struct latency *latency, uint64_t ns)
{
	latency->counts[step_of(ns)]++;
	latency->sum_ns += ns;
	if (!latency->count++ || ns < latency->shortest_ns)
		latency->shortest_ns = ns;
	if (ns > latency->longest_ns)
		latency->longest_ns = ns;
}

uint64_t latency_quantile(const struct latency *latency, double part)
{
	uint64_t below = 0;

	for (unsigned int step = 0; step < 64 * LATENCY_STEPS; step++) {
		below += latency->counts[step];
		if (below && (double)below >= part * (double)latency->count)
			return end_of(step) < latency->longest_ns ? end_of(step) :
								    latency->longest_ns;
	}
	return latency->longest_ns;
}
