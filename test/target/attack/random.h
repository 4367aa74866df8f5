/* SPDX-License-Identifier: MIT */
/* Numbers that a seed gives again: xorshift64*, a state of its own for each thread. */
#ifndef ATTACK_RANDOM_H
#define ATTACK_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_word(struct random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return random->state * 0x2545f4914f6cdd1dULL;
}

static inline void random_seed(struct random *random, uint64_t seed)
{
	/* never 0, and neighbouring seeds have nothing in common after a few steps */
	random->state = seed * 0x9e3779b97f4a7c15ULL | 1;
	for (int i = 0; i < 8; i++)
		random_word(random);
}

/* 0 … below - 1 */
static inline unsigned int random_below(struct random *random, unsigned int below)
{
	return (unsigned int)((random_word(random) >> 32) % below);
}

#endif
