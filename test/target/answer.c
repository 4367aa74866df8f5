// SPDX-License-Identifier: MIT
#include "answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void answer_begin(struct answer *answer, const char *id)
{
	answer->id = id;
	answer->failed = false;
	answer->overflow = false;
	answer->length = 0;
	answer->fields[0] = '\0';
	answer->begun_us = monotonic_us();
}

__attribute__((format(printf, 2, 3))) static void append(struct answer *answer, const char *format,
							 ...)
{
	/* 160: the id, ok, us and at of the line around the fields */
	size_t room = sizeof(answer->fields) - 160 - answer->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(answer->fields + answer->length, room, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= room) {
		answer->fields[answer->length] = '\0';
		answer->overflow = true;
		return;
	}
	answer->length += (size_t)length;
}

void answer_number(struct answer *answer, const char *key, int64_t value)
{
	append(answer, ",\"%s\":%" PRId64, key, value);
}

void answer_numbers(struct answer *answer, const char *key, const int64_t *values, size_t count)
{
	append(answer, ",\"%s\":[", key);
	for (size_t i = 0; i < count; i++)
		append(answer, "%s%" PRId64, i ? "," : "", values[i]);
	append(answer, "]");
}

void answer_string(struct answer *answer, const char *key, const char *bytes, size_t length)
{
	append(answer, ",\"%s\":\"", key);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '"' || byte == '\\')
			append(answer, "\\%c", byte);
		else if (byte < 0x20 || byte > 0x7e)
			append(answer, "\\u%04x", byte);
		else
			append(answer, "%c", byte);
	}
	append(answer, "\"");
}

void answer_text(struct answer *answer, const char *key, const char *text)
{
	answer_string(answer, key, text, strlen(text));
}

void answer_bytes(struct answer *answer, const char *key, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;

	append(answer, ",\"%s\":\"", key);
	for (size_t i = 0; i < length; i++)
		append(answer, "%02x", byte[i]);
	append(answer, "\"");
}

void answer_pointer(struct answer *answer, const char *key, const void *pointer)
{
	/* user addresses stay below 2^53, so a JSON number holds them exactly */
	answer_number(answer, key, (int64_t)(uintptr_t)pointer);
}

void answer_errno(struct answer *answer, int error)
{
	const char *name = strerrorname_np(error);

	answer->failed = true;
	answer_text(answer, "errno", name ? name : "unknown");
}

void answer_error(struct answer *answer, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	answer->failed = true;
	answer_text(answer, "error", text);
}

static void write_line(const char *line, size_t length)
{
	/* Nobody to tell when this fails: the reader is gone, and the end of stdin ends the agent. */
	while (write(STDOUT_FILENO, line, length) < 0 && errno == EINTR)
		;
}

static const char *separator(const struct answer *answer)
{
	return answer->id ? "," : "";
}

void answer_part(struct answer *answer, const char *kind)
{
	char line[ANSWER_MAX + 1];
	int length;

	length = snprintf(line, sizeof(line), "{%s%s%s\"%s\":{%s}}\n", answer->id ? "\"id\":" : "",
			  answer->id ? answer->id : "", separator(answer), kind,
			  answer->length ? answer->fields + 1 : "");
	write_line(line, (size_t)length);
	answer->length = 0;
	answer->fields[0] = '\0';
}

void answer_end(struct answer *answer)
{
	char line[ANSWER_MAX + 1];
	int64_t now = monotonic_us();
	int length;

	if (answer->overflow) {
		answer->length = 0;
		answer->overflow = false;
		answer_error(answer, "the answer does not fit into %d bytes", ANSWER_MAX);
	}
	length = snprintf(line, sizeof(line),
			  "{%s%s%s\"ok\":%s%s,\"us\":%" PRId64 ",\"at\":%" PRId64 "}\n",
			  answer->id ? "\"id\":" : "", answer->id ? answer->id : "",
			  separator(answer), answer->failed ? "false" : "true", answer->fields,
			  now - answer->begun_us, now);
	write_line(line, (size_t)length);
}
