// SPDX-License-Identifier: MIT
#include "text.h"

#include "memory.h"

void text_start(struct text *text, char *at, size_t size)
{
	text->at = at;
	text->size = size;
	text->used = 0;
}

void text_byte(struct text *text, char byte)
{
	if (text->used < text->size)
		text->at[text->used++] = byte;
}

static void text_number(struct text *text, uint64_t number, unsigned int base, size_t width,
			char pad)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[count++] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	for (; width > count; width--)
		text_byte(text, pad);
	while (count)
		text_byte(text, digits[--count]);
}

void text_vformat(struct text *text, const char *format, va_list arguments)
{
	for (; *format; format++) {
		bool wide = false;
		size_t width = 0;
		const char *string;
		char pad = ' ';

		if (*format != '%') {
			text_byte(text, *format);
			continue;
		}
		if (*++format == '0')
			pad = '0';
		for (; *format >= '0' && *format <= '9'; format++)
			width = width * 10 + (size_t)(*format - '0');
		for (; *format == 'l'; format++)
			wide = true;
		switch (*format) {
		case 's':
			for (string = va_arg(arguments, const char *); *string; string++)
				text_byte(text, *string);
			break;
		case 'c':
			text_byte(text, (char)va_arg(arguments, int));
			break;
		default:
			text_number(text,
				    wide ? va_arg(arguments, unsigned long long) :
					   va_arg(arguments, unsigned int),
				    *format == 'x' ? 16 : 10, width, pad);
		}
	}
}

void text_format(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vformat(text, format, arguments);
	va_end(arguments);
}

bool words_next(struct words *words, const char **word, size_t *length)
{
	size_t at = 0, end;

	while (at < words->left && words->at[at] == ' ')
		at++;
	for (end = at; end < words->left && words->at[end] != ' ';)
		end++;
	if (end == at)
		return false;
	*word = words->at + at;
	*length = end - at;
	words->at += end;
	words->left -= end;
	return true;
}

bool words_take(struct words *words, const char *word)
{
	struct words ahead = *words;
	const char *next;
	size_t length;

	if (!words_next(&ahead, &next, &length) || length != strlen(word) ||
	    memcmp(next, word, length) != 0)
		return false;
	*words = ahead;
	return true;
}

static bool parse_number(const char *digits, size_t length, uint32_t *number)
{
	unsigned int base = 10;
	uint64_t value = 0;

	if (length > 2 && digits[0] == '0' && digits[1] == 'x') {
		base = 16;
		digits += 2;
		length -= 2;
	}
	for (; length; digits++, length--) {
		unsigned int digit;

		if (*digits >= '0' && *digits <= '9')
			digit = (unsigned int)(*digits - '0');
		else if (*digits >= 'a' && *digits <= 'f')
			digit = (unsigned int)(*digits - 'a') + 10;
		else if (*digits >= 'A' && *digits <= 'F')
			digit = (unsigned int)(*digits - 'A') + 10;
		else
			return false;
		if (digit >= base)
			return false;
		value = value * base + digit;
		if (value > UINT32_MAX)
			return false;
	}
	*number = (uint32_t)value;
	return true;
}

bool words_number(struct words *words, uint32_t *number)
{
	struct words ahead = *words;
	const char *word;
	size_t length;

	if (!words_next(&ahead, &word, &length) || !parse_number(word, length, number))
		return false;
	*words = ahead;
	return true;
}

bool words_end(const struct words *words)
{
	struct words ahead = *words;
	const char *word;
	size_t length;

	return !words_next(&ahead, &word, &length);
}
