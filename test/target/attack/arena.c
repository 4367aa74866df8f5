// SPDX-License-Identifier: MIT
#include "attacker.h"

#include <sys/mman.h>
#include <unistd.h>

#define ARENA_BYTES (64u << 20)
/* for what is not to be there */
#define HOLE_BYTES (16u << 20)

static unsigned char *arena, *hole;

static unsigned char *reserve(size_t length)
{
	void *at =
		mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

bool arena_reserve(void)
{
	arena = reserve(ARENA_BYTES);
	hole = reserve(HOLE_BYTES);
	return arena && hole;
}

unsigned char *arena_pages(struct attacker *attacker, size_t length)
{
	size_t page = (size_t)getpagesize();
	size_t room = length < ARENA_BYTES / 2 ? ARENA_BYTES - length : ARENA_BYTES;
	/* most in a few places, so that the threads meet */
	size_t pages = random_below(&attacker->random, 4) ? 256 : room / page;

	return arena + random_below(&attacker->random,
				    (unsigned int)(pages < room / page ? pages : room / page)) *
			       page;
}

void *any_pointer(struct attacker *attacker)
{
	struct random *random = &attacker->random;
	unsigned int offset = random_below(random, 8192);

	switch (random_below(random, 16)) {
	case 0:
		return NULL;
	case 1:
		/* the first page, misaligned or not */
		return (void *)(uintptr_t)offset;
	case 2:
		return hole + offset;
	case 3:
		/* the kernel's, with 32 bits and with 64 */
		return (void *)(UINTPTR_MAX / 4 * 3 + offset);
	case 4:
		return (void *)(UINTPTR_MAX - offset);
	case 5:
		/* across the end of a page */
		return arena_pages(attacker, 1 << 16) + getpagesize() - 1 - offset % 64;
	case 6:
	case 7:
		return arena_pages(attacker, 1 << 16) + offset;
	default:
		return arena_pages(attacker, 1 << 16);
	}
}

size_t any_length(struct attacker *attacker)
{
	static const size_t edges[] = {
		0,    1,     8,	      31,	  32,	       33,	    64,		 4095,
		4097, 65536, 1 << 20, 0x7fffffff, 0x80000000u, 0xfffff000u, 0xffffffffu,
	};
	struct random *random = &attacker->random;

	switch (random_below(random, 8)) {
	case 0:
		return ATTACK_ONE_OF(attacker, edges);
	case 1:
		return random_below(random, 1 << 18);
	default:
		return (1 + random_below(random, 8)) * (size_t)getpagesize();
	}
}

unsigned char *guarded_page(void)
{
	size_t page = (size_t)getpagesize();
	unsigned char *all = reserve(3 * page);

	if (!all || mprotect(all + page, page, PROT_READ | PROT_WRITE) < 0)
		return NULL;
	return all + page;
}
