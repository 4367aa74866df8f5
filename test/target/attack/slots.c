// SPDX-License-Identifier: MIT
/*
 * The descriptors. Any thread reads, uses and closes a place at any time. So a call can meet a descriptor that was
 * closed, or that is another file by now. All of them are the attack's own.
 */
#include "attacker.h"

#include <unistd.h>

/* The first places are the device's. */
#define DEVICE_SLOTS (ATTACK_SLOTS / 4)

int any_descriptor(struct attacker *attacker)
{
	static const int garbage[] = { -1, -100, 0x7fffffff, (int)0x80000000u, 4000 };

	if (!random_below(&attacker->random, 32))
		return ATTACK_ONE_OF(attacker, garbage);
	return atomic_load(&attacker->attack->slots[random_below(&attacker->random, ATTACK_SLOTS)]);
}

int device_descriptor(struct attacker *attacker)
{
	if (!random_below(&attacker->random, 16))
		return any_descriptor(attacker);
	return atomic_load(&attacker->attack->slots[random_below(&attacker->random, DEVICE_SLOTS)]);
}

void keep_descriptor(struct attacker *attacker, int fd, bool is_device)
{
	unsigned int first = is_device ? 0 : DEVICE_SLOTS;
	unsigned int last = is_device ? DEVICE_SLOTS : ATTACK_SLOTS;
	unsigned int slot = first + random_below(&attacker->random, last - first);
	int before;

	if (fd < 0)
		return;
	before = atomic_exchange(&attacker->attack->slots[slot], fd);
	if (before >= 0)
		close(before);
}
