// SPDX-License-Identifier: MIT
/*
 * The driver's parser (kernel/message.c) on any bytes. It reads nothing beyond what it is given. It takes what the
 * grammar says and nothing else. What is written is what was read.
 */
#include <ctype.h>

#include "grammar.h"
#include "input.h"
#include "message.h"

static void expect_same(const struct sdb_record *record, const struct grammar_record *wanted)
{
	EXPECT(record->announces == wanted->announces);
	EXPECT(record->index == wanted->index);
	EXPECT(record->address == wanted->address);
	EXPECT(record->length == wanted->length);
}

/* The driver writes the record again. It is the same text, but for upper-case digits. */
static void expect_written(const struct sdb_record *record, const char *text, size_t size)
{
	char *written =
		malloc(record->announces ? SDB_MESSAGE_ANNOUNCE_MAX : SDB_MESSAGE_TRANSFER_MAX);
	size_t count = record->announces ?
			       sdb_message_announce(written, record->index, record->address,
						    record->length) :
			       sdb_message_transfer(written, record->index, record->length);

	EXPECT(count == size);
	for (size_t i = 0; i < size; i++)
		EXPECT(written[i] == text[i] || written[i] == tolower((unsigned char)text[i]));
	free(written);
}

/* A text that is cut short anywhere is no record, and nothing beyond the cut is read. */
static void expect_cut(const char *text, size_t size)
{
	for (size_t cut = 0; cut < size; cut++) {
		char *part = exact_copy(text, cut);
		struct sdb_record record;

		EXPECT(sdb_message_parse(part, cut, &record) == 0);
		free(part);
	}
}

static size_t expect_trimmed(const char *payload, size_t size)
{
	size_t trimmed = sdb_message_trim(payload, size);

	EXPECT(trimmed <= size);
	EXPECT(!trimmed || payload[trimmed - 1]);
	for (size_t i = trimmed; i < size; i++)
		EXPECT(!payload[i]);
	return trimmed;
}

/* Records of any numbers, not only of those that are found by chance in a text. */
static void write_and_read(const uint8_t *data, size_t size)
{
	struct sdb_record record, again;
	char *text = malloc(SDB_MESSAGE_ANNOUNCE_MAX);
	uint32_t numbers[3] = { 0 };
	char *exact;

	memcpy(numbers, data, size < sizeof(numbers) ? size : sizeof(numbers));
	for (int announces = 0; announces < 2; announces++) {
		record = (struct sdb_record){ announces, numbers[0], announces ? numbers[1] : 0,
					      numbers[2] };
		size = announces ? sdb_message_announce(text, record.index, record.address,
							record.length) :
				   sdb_message_transfer(text, record.index, record.length);
		exact = exact_copy(text, size);
		EXPECT(sdb_message_parse(exact, size, &again) == size);
		expect_same(&again, &(struct grammar_record){ record.announces, record.index,
							      record.address, record.length });
		free(exact);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *payload = exact_copy(data, size);
	size_t left = expect_trimmed(payload, size);
	char *text = exact_copy(payload, left), *at = text;
	struct grammar_record wanted;
	struct sdb_record record;
	size_t taken;

	while ((taken = sdb_message_parse(at, left, &record))) {
		EXPECT(taken == grammar_record(at, left, &wanted));
		expect_same(&record, &wanted);
		expect_written(&record, at, taken);
		if (at == text)
			expect_cut(at, taken);
		at += taken;
		left -= taken;
	}
	EXPECT(!grammar_record(at, left, &wanted));
	write_and_read(data, size);
	free(text);
	free(payload);
	return 0;
}
