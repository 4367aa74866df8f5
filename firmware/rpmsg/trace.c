// SPDX-License-Identifier: MIT
#include "trace.h"

#include <stdarg.h>

#include "memory.h"
#include "platform.h"
#include "text.h"

/* Linux reads up to the first NUL while we write. So the last byte stays NUL. */
char trace_buffer[TRACE_SIZE] __attribute__((aligned(8)));

static size_t trace_used;

void trace(const char *format, ...)
{
	uint64_t now = platform_time_us();
	char line[160];
	struct text text;
	va_list arguments;

	text_start(&text, line, sizeof(line) - 1);
	text_format(&text, "[%5u.%06u] ", (unsigned int)(now / 1000000),
		    (unsigned int)(now % 1000000));
	va_start(arguments, format);
	text_vformat(&text, format, arguments);
	va_end(arguments);
	line[text.used++] = '\n';

	/* It is full. Begin again: after a crash the latest lines matter. */
	if (trace_used + text.used > TRACE_SIZE - 1) {
		memset(trace_buffer, 0, sizeof(trace_buffer));
		trace_used = 0;
	}
	memcpy(trace_buffer + trace_used, line, text.used);
	trace_used += text.used;
}
