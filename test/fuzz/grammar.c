// SPDX-License-Identifier: MIT
#include "grammar.h"

enum state {
	START,
	INDEX,
	/* the index is "0": no digit may follow */
	INDEX_ZERO,
	INDEX_MORE,
	ADDRESS,
	BEFORE_LENGTH,
	LENGTH,
	DONE,
	REFUSED,
};

struct reading {
	enum state state;
	/* digits of ADDRESS or LENGTH so far */
	unsigned int digits;
	/* more than 32 bits, so that a number that is too large shows and does not wrap */
	uint64_t index;
	uint32_t address, length;
	bool announces;
};

static int hex_digit(unsigned char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";

	for (int i = 0; digits[i]; i++)
		if ((unsigned char)digits[i] == c)
			return i % 16;
	return -1;
}

static enum state after_index(struct reading *reading, unsigned char c)
{
	reading->digits = 0;
	reading->announces = c == 'A';
	return c == 'A' ? ADDRESS : c == 'L' ? LENGTH : REFUSED;
}

static enum state index_digit(struct reading *reading, unsigned char c)
{
	reading->index = reading->index * 10 + (c - '0');
	return reading->index > UINT32_MAX ? REFUSED : INDEX_MORE;
}

static enum state hex8(struct reading *reading, uint32_t *number, unsigned char c, enum state same,
		       enum state next)
{
	int digit = hex_digit(c);

	if (digit < 0)
		return REFUSED;
	*number = *number * 16 + (uint32_t)digit;
	return ++reading->digits == 8 ? next : same;
}

static enum state step(struct reading *reading, unsigned char c)
{
	bool decimal = c >= '0' && c <= '9';

	switch (reading->state) {
	case START:
		return c == 'B' ? INDEX : REFUSED;
	case INDEX:
		return c == '0' ? INDEX_ZERO : decimal ? index_digit(reading, c) : REFUSED;
	case INDEX_ZERO:
		return after_index(reading, c);
	case INDEX_MORE:
		return decimal ? index_digit(reading, c) : after_index(reading, c);
	case ADDRESS:
		return hex8(reading, &reading->address, c, ADDRESS, BEFORE_LENGTH);
	case BEFORE_LENGTH:
		reading->digits = 0;
		return c == 'L' ? LENGTH : REFUSED;
	case LENGTH:
		return hex8(reading, &reading->length, c, LENGTH, DONE);
	default:
		return REFUSED;
	}
}

size_t grammar_record(const char *text, size_t size, struct grammar_record *record)
{
	struct reading reading = { START, 0, 0, 0, 0, false };

	for (size_t at = 0; at < size; at++) {
		reading.state = step(&reading, (unsigned char)text[at]);
		if (reading.state == REFUSED)
			return 0;
		if (reading.state == DONE) {
			record->announces = reading.announces;
			record->index = (uint32_t)reading.index;
			record->address = reading.address;
			record->length = reading.length;
			return at + 1;
		}
	}
	return 0;
}
