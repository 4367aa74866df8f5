/* SPDX-License-Identifier: MIT */
/* Writing and reading the few kinds of text that the test endpoint speaks. */
#ifndef TEXT_H
#define TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that is being written. What does not fit is left out. There is no NUL at the end. */
struct text {
	char *at;
	size_t size;
	size_t used;
};

void text_start(struct text *text, char *at, size_t size);
void text_byte(struct text *text, char byte);

/* %s, %c, %u, %x, %llu, and %u and %x with a width, padded with blanks or, after 0, zeros. */
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vformat(struct text *text, const char *format, va_list arguments);

/* Words of a request, which are separated by blanks. */
struct words {
	const char *at;
	size_t left;
};

/* The next word; false at the end. */
bool words_next(struct words *words, const char **word, size_t *length);

/* Is the next word this one? If so it is taken. */
bool words_take(struct words *words, const char *word);

/* The next word as a number, decimal or 0x…, 32 bits; false, and nothing taken, if it is none. */
bool words_number(struct words *words, uint32_t *number);

/* Anything left? */
bool words_end(const struct words *words);

#endif
