// SPDX-License-Identifier: MIT
#include "complaint.h"

#include <stdarg.h>
#include <stdio.h>

static bool below;

void complain(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%ssdbctl: ", below ? "\n" : "");
	below = false;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void complain_below(bool unended)
{
	below = unended;
}
