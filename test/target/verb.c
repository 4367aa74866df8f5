// SPDX-License-Identifier: MIT
#include "verb.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct verb *const tables[] = {
	file_verbs,	   memory_verbs,  mapping_verbs, ioctl_verbs,
	event_verbs,	   process_verbs, thread_verbs,	 syscall_verbs,
	coprocessor_verbs, kmsg_verbs,	  stream_verbs,	 fault_injection_verbs,
	attack_verbs,	   reopen_verbs,  ring_verbs,	 pin_verbs,
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct verb *verb = tables[i]; verb->name; verb++)
			if (!strcmp(verb->name, name))
				return verb;
	return NULL;
}

bool parse_number(const char *word, int64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)*word) && *word != '-')
		return false;
	errno = 0;
	*number = *word == '-' ? (int64_t)strtoll(word, &end, 0) : (int64_t)strtoull(word, &end, 0);
	return !errno && end != word && !*end;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

ssize_t parse_bytes(const char *digits, void *bytes, size_t room)
{
	unsigned char *byte = bytes;
	size_t length = strlen(digits);

	if (length % 2 || length / 2 > room)
		return -1;
	for (size_t i = 0; i < length / 2; i++) {
		int high = digit(digits[2 * i]), low = digit(digits[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		byte[i] = (unsigned char)(high << 4 | low);
	}
	return (ssize_t)(length / 2);
}

ssize_t unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		if (*from != '\\') {
			*to++ = *from++;
		} else if (from[1] == '\\') {
			*to++ = '\\';
			from += 2;
		} else if (from[1] == 'x' && digit(from[2]) >= 0 && digit(from[3]) >= 0) {
			*to++ = (char)(digit(from[2]) << 4 | digit(from[3]));
			from += 4;
		} else {
			return -1;
		}
	}
	*to = '\0';
	return to - text;
}

/* The next word of *rest, or NULL at its end. */
static char *next_word(char **rest)
{
	char *word = *rest;

	while (*word == ' ')
		word++;
	if (!*word) {
		*rest = word;
		return NULL;
	}
	*rest = word + strcspn(word, " ");
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

/* Splits what follows the verb by its shape: the number of arguments, or -1. */
static ssize_t parse_arguments(const char *shape, char *rest, struct argument *arguments)
{
	bool optional = false;
	size_t count = 0;

	while (*shape) {
		char kind = *shape;
		char *word;

		if (kind == '?') {
			optional = true;
			shape++;
			continue;
		}
		if (kind == 't') {
			arguments[count++].text = rest;
			rest += strlen(rest);
			shape++;
			continue;
		}
		word = next_word(&rest);
		if (!word) {
			if (!optional && shape[1] != '*')
				return -1;
			break;
		}
		if (count == ARGUMENTS_MAX)
			return -1;
		arguments[count].text = word;
		if (kind == 'n' && !parse_number(word, &arguments[count].number))
			return -1;
		count++;
		if (shape[1] != '*')
			shape++;
	}
	return next_word(&rest) ? -1 : (ssize_t)count;
}

const struct verb *parse_command(struct answer *answer, char *command, struct argument *arguments,
				 size_t *count)
{
	const struct verb *verb;
	char *name, *rest = command;
	ssize_t parsed;

	name = next_word(&rest);
	verb = name ? find_verb(name) : NULL;
	if (!verb) {
		answer_error(answer, "unknown verb '%s'", name ? name : "");
		return NULL;
	}
	parsed = parse_arguments(verb->shape, rest, arguments);
	if (parsed < 0) {
		answer_error(answer, "usage: %s %s", verb->name, verb->usage);
		return NULL;
	}
	*count = (size_t)parsed;
	return verb;
}

void run_command(const char *id, char *command)
{
	struct argument arguments[ARGUMENTS_MAX + 1] = { 0 };
	struct answer answer;
	const struct verb *verb;
	size_t count;

	answer_begin(&answer, id);
	verb = parse_command(&answer, command, arguments, &count);
	if (!verb) {
		answer_end(&answer);
		return;
	}
	answer.begun_us = monotonic_us();
	verb->run(&answer, arguments, count);
	/* verbs that another thread or process answers take the id away */
	if (answer.id)
		answer_end(&answer);
}
