// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Protocol text to records and back.
 */
#include "message.h"

#define HEX_DIGITS 8

size_t sdb_message_trim(const char *payload, size_t size)
{
	while (size && payload[size - 1] == '\0')
		size--;
	return size;
}

/* Decimal, 32 bits, no leading zero. Returns the digits taken, 0 if there is no such number. */
static size_t parse_index(const char *text, size_t size, u32 *index)
{
	u32 value = 0;
	size_t n;

	for (n = 0; n < size; n++) {
		u32 digit = (unsigned char)text[n] - (u32)'0';

		if (digit > 9)
			break;
		if (n && !value)
			return 0;
		if (value > (0xffffffffU - digit) / 10)
			return 0;
		value = value * 10 + digit;
	}
	*index = value;
	return n;
}

/* Exactly 8 digits, either case. Returns the digits taken, 0 if they are not all there. */
static size_t parse_hex8(const char *text, size_t size, u32 *number)
{
	u32 value = 0;
	size_t n;

	if (size < HEX_DIGITS)
		return 0;
	for (n = 0; n < HEX_DIGITS; n++) {
		unsigned char c = text[n];
		u32 digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if (c >= 'a' && c <= 'f')
			digit = c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			digit = c - 'A' + 10;
		else
			return 0;
		value = value << 4 | digit;
	}
	*number = value;
	return n;
}

size_t sdb_message_parse(const char *payload, size_t size, struct sdb_record *record)
{
	size_t at = 0, n;
	char mark;

	if (at >= size || payload[at++] != 'B')
		return 0;
	n = parse_index(payload + at, size - at, &record->index);
	at += n;
	if (!n || at >= size)
		return 0;

	mark = payload[at++];
	record->announces = mark == 'A';
	record->address = 0;
	if (record->announces) {
		n = parse_hex8(payload + at, size - at, &record->address);
		at += n;
		if (!n || at >= size)
			return 0;
		mark = payload[at++];
	}
	if (mark != 'L')
		return 0;
	n = parse_hex8(payload + at, size - at, &record->length);
	return n ? at + n : 0;
}

static char *write_index(char *text, u32 index)
{
	char digits[10];
	size_t n = 0;

	do {
		digits[n++] = '0' + index % 10;
		index /= 10;
	} while (index);
	while (n)
		*text++ = digits[--n];
	return text;
}

/* Lower case: existing firmware understands nothing else. */
static char *write_hex8(char *text, u32 number)
{
	int shift;

	for (shift = 28; shift >= 0; shift -= 4)
		*text++ = "0123456789abcdef"[number >> shift & 0xf];
	return text;
}

size_t sdb_message_announce(char *text, u32 index, u32 address, u32 length)
{
	char *end = text;

	*end++ = 'B';
	end = write_index(end, index);
	*end++ = 'A';
	end = write_hex8(end, address);
	*end++ = 'L';
	end = write_hex8(end, length);
	return end - text;
}

size_t sdb_message_transfer(char *text, u32 index, u32 length)
{
	char *end = text;

	*end++ = 'B';
	end = write_index(end, index);
	*end++ = 'L';
	end = write_hex8(end, length);
	return end - text;
}
