// SPDX-License-Identifier: MIT
/* Mappings, with any length, protection, flags, offset and address. */
#include "verb.h"

#include <errno.h>
#include <sys/mman.h>

static void answer_mapping(struct answer *answer, void *address)
{
	if (address == MAP_FAILED)
		answer_errno(answer, errno);
	else
		answer_pointer(answer, "address", address);
}

static void map(struct answer *answer, const struct argument *arguments, size_t count)
{
	void *hint = count > 5 ? (void *)(uintptr_t)arguments[5].number : NULL;

	answer_mapping(answer, mmap(hint, (size_t)arguments[0].number, (int)arguments[1].number,
				    (int)arguments[2].number, (int)arguments[3].number,
				    (off_t)arguments[4].number));
}

/* Maps so many times, and tells the longest: what a mapping costs without the question and the answer around it. */
static void map_many(struct answer *answer, const struct argument *arguments, size_t count)
{
	int64_t slowest = 0, mapped = 0, start;
	int error = 0;

	(void)count;
	for (; mapped < arguments[0].number && !error; mapped += !error) {
		start = monotonic_us();
		if (mmap(NULL, (size_t)arguments[1].number, (int)arguments[2].number,
			 (int)arguments[3].number, (int)arguments[4].number, 0) == MAP_FAILED)
			error = errno;
		start = monotonic_us() - start;
		slowest = start > slowest ? start : slowest;
	}
	answer_number(answer, "mapped", mapped);
	answer_number(answer, "slowest", slowest);
	if (error)
		answer_errno(answer, error);
}

static void unmap(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	if (munmap((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number) < 0)
		answer_errno(answer, errno);
}

static void remap(struct answer *answer, const struct argument *arguments, size_t count)
{
	void *address = count > 4 ? (void *)(uintptr_t)arguments[4].number : NULL;

	answer_mapping(answer,
		       mremap((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number,
			      (size_t)arguments[2].number, (int)arguments[3].number, address));
}

static void protect(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	if (mprotect((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number,
		     (int)arguments[2].number) < 0)
		answer_errno(answer, errno);
}

static void advise(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	if (madvise((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number,
		    (int)arguments[2].number) < 0)
		answer_errno(answer, errno);
}

const struct verb mapping_verbs[] = {
	{ "mmap", "nnnnn?n", "LENGTH PROTECTION FLAGS FD OFFSET [ADDRESS]", map },
	{ "mmaps", "nnnnn", "COUNT LENGTH PROTECTION FLAGS FD", map_many },
	{ "munmap", "nn", "ADDRESS LENGTH", unmap },
	{ "mremap", "nnnn?n", "ADDRESS LENGTH NEW_LENGTH FLAGS [NEW_ADDRESS]", remap },
	{ "mprotect", "nnn", "ADDRESS LENGTH PROTECTION", protect },
	{ "madvise", "nnn", "ADDRESS LENGTH ADVICE", advise },
	{ 0 },
};
