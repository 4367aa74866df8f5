// SPDX-License-Identifier: MIT
#include "firmware.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* To fill 300 MiB with nobody listening is one request. It takes three seconds, and more on a busy host. */
#define REQUEST_TIMEOUT_MS 20000

static void keep_reply(void *context, const char *bytes, size_t length)
{
	struct firmware *firmware = context;

	if (length > COPROCESSOR_MESSAGE_MAX)
		length = COPROCESSOR_MESSAGE_MAX;
	memcpy(firmware->reply, bytes, length);
	firmware->reply[length] = '\0';
}

bool firmware_ask(struct firmware *firmware, const char *format, ...)
{
	char request[160];
	va_list arguments;
	int error;

	va_start(arguments, format);
	vsnprintf(request, sizeof(request), format, arguments);
	va_end(arguments);
	switch (coprocessor_request(request, strlen(request), REQUEST_TIMEOUT_MS, keep_reply,
				    firmware)) {
	case COPROCESSOR_OK:
		return true;
	case COPROCESSOR_REFUSED:
		answer_error(firmware->answer, "the firmware refused '%s': %s", request,
			     firmware->reply);
		return false;
	default:
		error = errno;
		answer_text(firmware->answer, "during", request);
		answer_errno(firmware->answer, error);
		return false;
	}
}

int64_t firmware_number(const struct firmware *firmware, const char *key)
{
	char wanted[32];
	const char *at;

	snprintf(wanted, sizeof(wanted), " %s=", key);
	at = strstr(firmware->reply, wanted);
	return at ? (int64_t)strtoull(at + strlen(wanted), NULL, 0) : -1;
}

bool firmware_wait_registered(struct firmware *firmware, unsigned int buffers)
{
	unsigned long known = 0;

	for (int64_t until = monotonic_us() + REQUEST_TIMEOUT_MS * 1000; monotonic_us() < until;
	     usleep(2000)) {
		if (!firmware_ask(firmware, "buffers"))
			return false;
		known = strtoul(firmware->reply + strcspn(firmware->reply, " "), NULL, 0);
		if (known == buffers)
			return true;
	}
	answer_error(firmware->answer,
		     "the firmware knows %lu buffers, not %u: restart the coprocessor", known,
		     buffers);
	return false;
}
