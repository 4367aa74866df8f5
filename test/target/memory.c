// SPDX-License-Identifier: MIT
/* Memory at any address: look, change, check against the firmware's pattern. */
#include "verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "pattern.h"

static volatile unsigned char *address_of(const struct argument *argument)
{
	return (volatile unsigned char *)(uintptr_t)argument->number;
}

static void allocate(struct answer *answer, const struct argument *arguments, size_t count)
{
	void *memory = calloc(1, (size_t)arguments[0].number);

	(void)count;
	if (!memory)
		answer_errno(answer, ENOMEM);
	else
		answer_pointer(answer, "address", memory);
}

static void release(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)answer;
	(void)count;
	free((void *)address_of(&arguments[0]));
}

static void peek(struct answer *answer, const struct argument *arguments, size_t count)
{
	const volatile unsigned char *from = address_of(&arguments[0]);
	unsigned char bytes[ANSWER_BYTES_MAX];
	size_t length = (size_t)arguments[1].number;

	(void)count;
	if (length > sizeof(bytes)) {
		answer_error(answer, "at most %zu bytes at a time", sizeof(bytes));
		return;
	}
	MAY_FAULT(answer, {
		for (size_t i = 0; i < length; i++)
			bytes[i] = from[i];
		answer_bytes(answer, "data", bytes, length);
	});
}

static void poke(struct answer *answer, const struct argument *arguments, size_t count)
{
	volatile unsigned char *to = address_of(&arguments[0]);
	unsigned char bytes[ANSWER_BYTES_MAX];
	ssize_t length = parse_bytes(arguments[1].text, bytes, sizeof(bytes));

	(void)count;
	if (length < 0) {
		answer_error(answer, "not an even number of hexadecimal digits, or too many");
		return;
	}
	/* Registers of a device are written as a whole. */
	MAY_FAULT(answer, {
		ssize_t i = 0;

		for (; (uintptr_t)to % sizeof(uint32_t) == 0 && length - i >= 4; i += 4) {
			uint32_t word;

			memcpy(&word, &bytes[i], sizeof(word));
			*(volatile uint32_t *)&to[i] = word;
		}
		for (; i < length; i++)
			to[i] = bytes[i];
	});
}

static void set(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	MAY_FAULT(answer, {
		memset((void *)address_of(&arguments[0]), (int)arguments[2].number,
		       (size_t)arguments[1].number);
	});
}

/* How many bytes are not VALUE, and where the first is. */
static void compare(struct answer *answer, const struct argument *arguments, size_t count)
{
	const volatile unsigned char *from = address_of(&arguments[0]);
	size_t length = (size_t)arguments[1].number;
	unsigned char value = (unsigned char)arguments[2].number;

	(void)count;
	MAY_FAULT(answer, {
		size_t different = 0, first = 0;
		/* a canary is hundreds of MiB: the C library's own speed where all is as it should be */
		bool all = length > 1 && from[0] == value &&
			   memcmp((const void *)from, (const void *)(from + 1), length - 1) == 0;

		for (size_t i = 0; !all && i < length; i++) {
			if (from[i] == value)
				continue;
			if (!different++)
				first = i;
		}
		answer_number(answer, "different", (int64_t)different);
		if (different)
			answer_number(answer, "first", (int64_t)first);
	});
}

static void tell_check(struct answer *answer, const struct pattern_check *check)
{
	answer_number(answer, "words", (int64_t)check->words);
	answer_number(answer, "wrong", (int64_t)check->wrong);
	if (check->wrong) {
		answer_number(answer, "offset", (int64_t)check->offset);
		answer_number(answer, "expected", check->expected);
		answer_number(answer, "found", check->found);
	}
}

static void verify(struct answer *answer, const struct argument *arguments, size_t count)
{
	MAY_FAULT(answer, {
		struct pattern_check check;

		pattern_verify(&check, address_of(&arguments[0]), (size_t)arguments[1].number,
			       (uint32_t)arguments[2].number, (uint32_t)arguments[3].number,
			       count > 4 && arguments[4].number > 0 ? (size_t)arguments[4].number :
								      1);
		tell_check(answer, &check);
	});
}

static void verify_dma(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	MAY_FAULT(answer, {
		struct pattern_check check;

		pattern_verify_dma(&check, address_of(&arguments[0]), (size_t)arguments[1].number,
				   (uint32_t)arguments[2].number, (uint32_t)arguments[3].number);
		tell_check(answer, &check);
	});
}

static void fill(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)count;
	MAY_FAULT(answer, {
		pattern_fill(address_of(&arguments[0]), (size_t)arguments[1].number,
			     (uint32_t)arguments[2].number, (uint32_t)arguments[3].number);
	});
}

const struct verb memory_verbs[] = {
	{ "allocate", "n", "LENGTH", allocate },
	{ "free", "n", "ADDRESS", release },
	{ "peek", "nn", "ADDRESS LENGTH", peek },
	{ "poke", "ns", "ADDRESS HEX", poke },
	{ "set", "nnn", "ADDRESS LENGTH VALUE", set },
	{ "compare", "nnn", "ADDRESS LENGTH VALUE", compare },
	{ "verify", "nnnn?n", "ADDRESS LENGTH INDEX SEED [STRIDE]", verify },
	{ "verify-dma", "nnnn", "ADDRESS LENGTH INDEX SEED", verify_dma },
	{ "fill", "nnnn", "ADDRESS LENGTH INDEX SEED", fill },
	{ 0 },
};
