// SPDX-License-Identifier: MIT
/* The text of the protocol's records: read and written here, followed in sdb_service.c. */
#include "sdb_service.h"

#define SDB_HEX_DIGITS 8

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Value of a hex digit, 16 or more for anything else. */
static unsigned int hex_value(char c)
{
	if (is_digit(c))
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 16;
}

/* Decimal, 32 bits, no leading zero. Returns the bytes taken, 0 if it is none. */
static size_t parse_index(const char *text, size_t size, uint32_t *index)
{
	uint32_t value = 0;
	size_t at;

	for (at = 0; at < size && is_digit(text[at]); at++) {
		uint32_t digit = (uint32_t)(text[at] - '0');

		if (at > 0 && value == 0)
			return 0;
		if (value > (UINT32_MAX - digit) / 10)
			return 0;
		value = value * 10 + digit;
	}
	*index = value;
	return at;
}

/* A letter and exactly eight hex digits. Returns the bytes taken, 0 if it is none. */
static size_t parse_hex(const char *text, size_t size, char letter, uint32_t *value)
{
	size_t at;

	if (size < 1 + SDB_HEX_DIGITS || text[0] != letter)
		return 0;
	*value = 0;
	for (at = 1; at <= SDB_HEX_DIGITS; at++) {
		unsigned int digit = hex_value(text[at]);

		if (digit > 15)
			return 0;
		*value = *value << 4 | digit;
	}
	return at;
}

size_t sdb_parse_record(const char *text, size_t size, struct sdb_record *record)
{
	struct sdb_record found = { SDB_RECORD_TRANSFER, 0, 0, 0 };
	size_t at = 0, taken;

	if (size == 0 || text[at++] != 'B')
		return 0;
	taken = parse_index(text + at, size - at, &found.index);
	if (!taken)
		return 0;
	at += taken;

	taken = parse_hex(text + at, size - at, 'A', &found.address);
	if (taken) {
		found.kind = SDB_RECORD_ANNOUNCE;
		at += taken;
	} else {
		found.address = 0;
	}
	taken = parse_hex(text + at, size - at, 'L', &found.length);
	if (!taken)
		return 0;
	*record = found;
	return at + taken;
}

size_t sdb_format_transfer(char *text, uint32_t index, uint32_t length)
{
	char digits[10];
	size_t count = 0, at = 0;
	int shift;

	do {
		digits[count++] = (char)('0' + index % 10);
		index /= 10;
	} while (index);

	text[at++] = 'B';
	while (count)
		text[at++] = digits[--count];
	text[at++] = 'L';
	for (shift = 28; shift >= 0; shift -= 4)
		text[at++] = "0123456789abcdef"[length >> shift & 15];
	return at;
}
