// SPDX-License-Identifier: MIT
/* Mappings: made, split, merged, moved, protected, advised and touched, by all threads in the same arena. */
#include "attacker.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../fault.h"

/* The offset in pages: the C library would refuse what the kernel is to refuse. */
static long map_pages(void *at, size_t length, int protection, int flags, int fd,
		      unsigned long pages)
{
#ifdef SYS_mmap2
	return syscall(SYS_mmap2, at, length, protection, flags, fd, pages);
#else
	return syscall(SYS_mmap, at, length, protection, flags, fd,
		       pages * (unsigned long)getpagesize());
#endif
}

static unsigned long any_offset(struct attacker *attacker)
{
	static const unsigned long edges[] = { 1024,	1025,	  0x7ffff, 0x80000,
					       0xfffff, 0x100000, ~0ul,	   ~0ul >> 1 };
	unsigned int choice = random_below(&attacker->random, 16);

	/* a new buffer, one that may be there, nonsense */
	return choice < 8  ? 0 :
	       choice < 15 ? random_below(&attacker->random, 12) :
			     ATTACK_ONE_OF(attacker, edges);
}

static void map(struct attacker *attacker)
{
	static const int flags[] = {
		MAP_SHARED,
		MAP_SHARED,
		MAP_PRIVATE,
		MAP_PRIVATE,
		MAP_SHARED_VALIDATE,
		MAP_SHARED | MAP_POPULATE,
		MAP_PRIVATE | MAP_LOCKED,
		MAP_PRIVATE | MAP_ANONYMOUS,
		MAP_SHARED | MAP_HUGETLB,
		0,
	};
	static const int protections[] = {
		PROT_READ | PROT_WRITE,
		PROT_READ | PROT_WRITE,
		PROT_READ,
		PROT_WRITE,
		PROT_NONE,
		PROT_READ | PROT_WRITE | PROT_EXEC,
		0x1000000,
	};
	size_t length = any_length(attacker);
	long at;

	/* beyond the arena there is only ourselves */
	if (length > 8u << 20)
		length = random_below(&attacker->random, 2) ? 8u << 20 : 0;
	at = attack_result(attacker, map_pages(arena_pages(attacker, length), length,
					       ATTACK_ONE_OF(attacker, protections),
					       ATTACK_ONE_OF(attacker, flags) | MAP_FIXED,
					       device_descriptor(attacker), any_offset(attacker)));
	if (at != -1)
		attack_counted(attacker, ATTACK_MAPPED);
}

/* A length that no arena has room for, where the kernel is to say no before anything else happens. */
static void map_too_much(struct attacker *attacker)
{
	static const size_t lengths[] = { 0x40000000, 0x7fffffff, 0x80000000u, 0xfffff000u,
					  ~(size_t)0 };
	size_t length = ATTACK_ONE_OF(attacker, lengths);
	long at = map_pages(NULL, length, PROT_READ, MAP_SHARED, device_descriptor(attacker),
			    any_offset(attacker));

	if (attack_result(attacker, at) != -1)
		munmap((void *)at, length);
}

/* A file's, a dma-buf's or anything else's. */
static void map_other(struct attacker *attacker)
{
	size_t length = (1 + random_below(&attacker->random, 16)) * (size_t)getpagesize();

	attack_result(attacker,
		      map_pages(arena_pages(attacker, length), length, PROT_READ | PROT_WRITE,
				(random_below(&attacker->random, 2) ? MAP_SHARED : MAP_PRIVATE) |
					MAP_FIXED,
				any_descriptor(attacker), random_below(&attacker->random, 4)));
}

static size_t few_pages(struct attacker *attacker)
{
	return (1 + random_below(&attacker->random, 6)) * (size_t)getpagesize();
}

static void unmap(struct attacker *attacker)
{
	size_t length = few_pages(attacker);

	attack_result(attacker, munmap(arena_pages(attacker, length), length));
}

static void protect(struct attacker *attacker)
{
	size_t length = few_pages(attacker);

	attack_result(attacker, mprotect(arena_pages(attacker, length), length,
					 (int)random_below(&attacker->random, 8)));
}

static void advise(struct attacker *attacker)
{
	/* not those from 100 on, which take pages away from the whole system */
	int advice = (int)random_below(&attacker->random, 26);
	size_t length = few_pages(attacker);

	attack_result(attacker, madvise(arena_pages(attacker, length), length, advice));
}

static void move(struct attacker *attacker)
{
	size_t from = few_pages(attacker),
	       to = random_below(&attacker->random, 8) ? few_pages(attacker) : 0;
	unsigned char *source = arena_pages(attacker, from), *target = arena_pages(attacker, to);
	/* 4: MREMAP_DONTUNMAP. Where it may move at will it would leave the arena */
	int flags = random_below(&attacker->random, 2) ?
			    MREMAP_MAYMOVE | MREMAP_FIXED |
				    (random_below(&attacker->random, 4) ? 0 : 4) :
			    0;

	attack_result(attacker, (long)mremap(source, from, to, flags, target));
}

static void lock_and_sync(struct attacker *attacker)
{
	size_t length = few_pages(attacker);
	unsigned char *at = arena_pages(attacker, length);

	switch (random_below(&attacker->random, 4)) {
	case 0:
		attack_result(attacker, mlock(at, length));
		break;
	case 1:
		attack_result(attacker, munlock(at, length));
		break;
	case 2:
		attack_result(attacker, msync(at, length, (int)random_below(&attacker->random, 8)));
		break;
	default:
		attack_result(attacker, mincore(at, length, attacker->page));
	}
}

/* Reads and writes. A fault is no finding by itself. What the kernel does with it may be one. */
static void touch(struct attacker *attacker)
{
	volatile unsigned char *at = arena_pages(attacker, 1 << 16);
	/* the jump may be taken with any of them in a register */
	volatile bool writes = random_below(&attacker->random, 2);
	volatile unsigned int pages = 1 + random_below(&attacker->random, 8);

	if (!sigsetjmp(fault_return, 1)) {
		fault_expected = 1;
		for (unsigned int i = 0; i < pages; i++, at += getpagesize()) {
			if (writes)
				*at = 0x42;
			else
				(void)*at;
		}
		attack_counted(attacker, ATTACK_TOUCHED);
	}
	fault_expected = 0;
}

const struct attack_call memory_calls[] = {
	{ "mmap", 24, map },
	{ "mmap of too much", 2, map_too_much },
	{ "mmap of another file", 3, map_other },
	{ "munmap", 16, unmap },
	{ "mprotect", 8, protect },
	{ "madvise", 8, advise },
	{ "mremap", 8, move },
	{ "mlock and msync", 4, lock_and_sync },
	{ "access", 16, touch },
	{ 0 },
};
