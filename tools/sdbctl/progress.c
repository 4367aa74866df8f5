// SPDX-License-Identifier: MIT
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "complaint.h"
#include "json.h"
#include "quantity.h"

#define DRAW_NS 250000000ull

void progress_begin(struct progress *progress, const struct options *options)
{
	*progress = (struct progress){ .begun_ns = now_ns() };
	progress->shown = !options->quiet && !options->json && isatty(STDERR_FILENO);
	progress->next_ns = progress->begun_ns + DRAW_NS;
}

static double seconds_of(const struct progress *progress)
{
	return (double)(now_ns() - progress->begun_ns) / 1e9;
}

static const char *plural(uint64_t number)
{
	return number == 1 ? "" : "s";
}

static void draw(struct progress *progress, const char *end)
{
	const double seconds = seconds_of(progress);
	char bytes[32], rate[32], missed[40] = "", line[160];
	int width;

	if (progress->missed)
		snprintf(missed, sizeof(missed), "  %" PRIu64 " missed", progress->missed);
	width = snprintf(line, sizeof(line), "%s  %" PRIu64 " transfer%s  %s/s%s",
			 bytes_text(bytes, sizeof(bytes), (double)progress->bytes),
			 progress->transfers, plural(progress->transfers),
			 bytes_text(rate, sizeof(rate), (double)progress->bytes / seconds), missed);
	if (!progress->transfers && !*end)
		width = snprintf(line, sizeof(line), "waiting for the coprocessor");
	/* Blanks at the end cover a longer line before this one. */
	if (width > progress->width)
		progress->width = width;
	fprintf(stderr, "\r%-*s%s", progress->width, line, end);
	complain_below(!*end);
}

void progress_wait(struct progress *progress)
{
	if (progress->shown && !progress->width)
		draw(progress, "");
}

void progress_update(struct progress *progress)
{
	const uint64_t now = now_ns();

	if (!progress->shown || now < progress->next_ns)
		return;
	progress->next_ns = now + DRAW_NS;
	draw(progress, "");
}

/* Of this process, in user space and in the kernel. */
static uint64_t cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void progress_end(struct progress *progress, const struct options *options, const char *command,
		  bool to_stdout)
{
	const double seconds = seconds_of(progress);
	FILE *out = to_stdout ? stdout : stderr;

	if (options->json) {
		struct json json = { .out = out };

		json_open(&json, NULL, '{');
		json_text(&json, "command", command);
		json_number(&json, "transfers", progress->transfers);
		json_number(&json, "bytes", progress->bytes);
		json_number(&json, "copied", progress->copied);
		json_number(&json, "missed", progress->missed);
		json_number(&json, "cpu_us", cpu_us());
		json_bool(&json, "handover", progress->handover);
		json_real(&json, "seconds", seconds);
		json_close(&json, '}');
		json_end(&json);
		return;
	}
	if (options->quiet)
		return;
	if (progress->shown)
		draw(progress, "\n");
	else
		fprintf(stderr,
			"%" PRIu64 " bytes in %" PRIu64 " transfer%s, %" PRIu64 " missed, %.3f s\n",
			progress->bytes, progress->transfers, plural(progress->transfers),
			progress->missed, seconds);
}
