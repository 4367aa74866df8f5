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
				    (int)arguments[2].number, (int)arguments[3].number, (off_t)arguments[4].number));
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

	answer_mapping(answer, mremap((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number,
				      (size_t)arguments[2].number, (int)arguments[3].number, address));
}

static void protect(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	if (mprotect((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number, (int)arguments[2].number) < 0)
		answer_errno(answer, errno);
}

static void advise(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	if (madvise((void *)(uintptr_t)arguments[0].number, (size_t)arguments[1].number, (int)arguments[2].number) < 0)
		answer_errno(answer, errno);
}

const struct verb mapping_verbs[] = {
	{"mmap", "nnnnn?n", "LENGTH PROTECTION FLAGS FD OFFSET [ADDRESS]", map},
	{"munmap", "nn", "ADDRESS LENGTH", unmap},
	{"mremap", "nnnn?n", "ADDRESS LENGTH NEW_LENGTH FLAGS [NEW_ADDRESS]", remap},
	{"mprotect", "nnn", "ADDRESS LENGTH PROTECTION", protect},
	{"madvise", "nnn", "ADDRESS LENGTH ADVICE", advise},
	{0},
};
