// SPDX-License-Identifier: MIT
/*
 * Everybody's buffers and channels as they come, change hands and go: the driver's tracepoints and the kernel's events.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "complaint.h"
#include "interrupt.h"
#include "json.h"
#include "quantity.h"
#include "tracing.h"
#include "uevent.h"

#define EVENT_PREFIX "rpmsg_sdb_"

struct watch {
	const struct options *options;
	struct tracing tracing;
	int uevents;
	uint64_t seen;
	/* of trace_pipe, what is not a whole line yet */
	char text[8192];
	size_t length;
};

static void print_field(struct json *json, char *field)
{
	char *value = strchr(field, '='), *end;
	unsigned long long number;

	if (!value)
		return;
	*value++ = '\0';
	if (!json) {
		printf("  %s %s", field, value);
		return;
	}
	number = strtoull(value, &end, 0);
	if (*value && !*end)
		json_number(json, field, number);
	else
		json_text(json, field, value);
}

/* fields: "index=0 length=0x400"; changed. */
static void print_event(struct watch *watch, double seconds, const char *event, char *fields)
{
	struct json json = { .out = stdout };
	char *rest = NULL;

	watch->seen++;
	if (watch->options->json) {
		json_open(&json, NULL, '{');
		json_real(&json, "time", seconds);
		json_text(&json, "event", event);
	} else {
		printf("%14.6f  %-9s", seconds, event);
	}
	for (char *field = strtok_r(fields, " ", &rest); field; field = strtok_r(NULL, " ", &rest))
		print_field(watch->options->json ? &json : NULL, field);
	if (watch->options->json) {
		json_close(&json, '}');
		json_end(&json);
	} else {
		putchar('\n');
		fflush(stdout);
	}
}

/* "  task-12 [000] d.h1.  123.456789: rpmsg_sdb_transfer: index=0 length=0x400" */
static void take_line(struct watch *watch, char *line)
{
	char *event = strstr(line, ": " EVENT_PREFIX), *fields, *time;

	if (!event)
		return;
	*event = '\0';
	event += 2 + strlen(EVENT_PREFIX);
	fields = strchr(event, ':');
	time = strrchr(line, ' ');
	if (!fields || !time)
		return;
	*fields++ = '\0';
	print_event(watch, strtod(time + 1, NULL), event, fields);
}

static bool is_enough(const struct watch *watch)
{
	return watch->options->count && watch->seen >= watch->options->count;
}

static void take_trace(struct watch *watch)
{
	ssize_t bytes = read(watch->tracing.pipe, watch->text + watch->length,
			     sizeof(watch->text) - 1 - watch->length);
	char *line = watch->text, *end;

	if (bytes <= 0)
		return;
	watch->length += (size_t)bytes;
	watch->text[watch->length] = '\0';
	while (!is_enough(watch) && (end = strchr(line, '\n'))) {
		*end = '\0';
		take_line(watch, line);
		line = end + 1;
	}
	watch->length -= (size_t)(line - watch->text);
	/* A line of another form is not the driver's. */
	if (watch->length == sizeof(watch->text) - 1)
		watch->length = 0;
	memmove(watch->text, line, watch->length);
}

static void take_uevent(struct watch *watch)
{
	char action[64], device[64], fields[80];

	if (!uevent_read(watch->uevents, action, device, sizeof(action)))
		return;
	snprintf(fields, sizeof(fields), "channel=%s", device);
	print_event(watch, (double)now_ns() / 1e9, action, fields);
}

enum outcome watch_command(const struct options *options)
{
	struct watch watch = { .options = options };
	const uint64_t end_ns = options->seconds ? now_ns() + (uint64_t)(options->seconds * 1e9) :
						   0;
	enum outcome outcome = OUTCOME_OK;

	if (!tracing_begin(&watch.tracing))
		return OUTCOME_FAILED;
	watch.uevents = uevent_open();
	while (!interrupted() && !is_enough(&watch)) {
		struct pollfd files[] = {
			{ .fd = watch.tracing.pipe, .events = POLLIN },
			{ .fd = watch.uevents, .events = POLLIN },
		};
		const uint64_t now = now_ns();

		if (end_ns && now >= end_ns)
			break;
		if (poll(files, 2, end_ns ? (int)((end_ns - now + 999999) / 1000000) : -1) < 0 &&
		    errno != EINTR) {
			complain("waiting: %s", strerror(errno));
			outcome = OUTCOME_FAILED;
			break;
		}
		take_trace(&watch);
		if (files[1].revents & POLLIN)
			take_uevent(&watch);
	}
	if (watch.uevents >= 0)
		close(watch.uevents);
	tracing_end(&watch.tracing);
	return outcome;
}
