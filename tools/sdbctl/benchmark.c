// SPDX-License-Identifier: MIT
/*
 * Rate and latency of transfers that the coprocessor sends by itself, or whenever it is handed an
 * empty buffer.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "complaint.h"
#include "device.h"
#include "interrupt.h"
#include "json.h"
#include "latency.h"
#include "quantity.h"

#define SECONDS	     5
#define IDLE_SECONDS 5

struct measurement {
	uint64_t begun_ns, ended_ns;
	uint64_t transfers, missed, bytes, reads;
	bool handover;
	/* from the arrival of the coprocessor's message to the return of read() */
	struct latency latency;
};

/* Reads as much of a buffer as was asked for: in an application reading is what takes time. */
static void touch(const void *memory, size_t length, void *copy, enum touch how)
{
	static volatile unsigned char sink;
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (how == TOUCH_ALL)
		memcpy(copy, memory, length);
	else if (how == TOUCH_PAGE)
		for (size_t at = 0; at < length; at += page)
			sink = ((const volatile unsigned char *)memory)[at];
	(void)sink;
}

static bool measure(struct device *device, struct measurement *measurement,
		    const struct options *options)
{
	const uint64_t length_ns =
		(uint64_t)((options->seconds ? options->seconds : SECONDS) * 1e9);
	const uint64_t idle_ns = (uint64_t)((options->idle ? options->idle : IDLE_SECONDS) * 1e9);
	struct rpmsg_sdb_transfer *records = calloc(device->count, sizeof(*records));
	void *copy = malloc(device->buffers[0].size);
	uint64_t now = now_ns();
	bool done = records && copy;

	while (done && !interrupted() &&
	       (!options->count || measurement->transfers < options->count)) {
		uint64_t deadline = now + idle_ns;
		int count;

		if (measurement->begun_ns && deadline > measurement->begun_ns + length_ns)
			deadline = measurement->begun_ns + length_ns;
		count = device_read(device, records, device->count, deadline);
		now = now_ns();
		done = count >= 0;
		if (count <= 0)
			break;
		/*
		 * The clock starts with the first transfer. That one is not counted, because nobody
		 * knows when it began.
		 */
		if (!measurement->begun_ns) {
			measurement->begun_ns = now;
		} else {
			measurement->reads++;
			measurement->ended_ns = now;
		}
		for (int i = 0; i < count; i++) {
			struct rpmsg_sdb_transfer *record = &records[i];

			if (measurement->reads) {
				measurement->transfers++;
				measurement->missed += record->missed;
				measurement->bytes += record->length;
				latency_add(&measurement->latency, now - record->timestamp);
			}
			touch(device->buffers[record->buffer].memory, record->length, copy,
			      options->touch);
			*record = (struct rpmsg_sdb_transfer){ .buffer = record->buffer };
		}
		done = device_hand_over(device, records, (unsigned int)count) >= 0;
		if (now - measurement->begun_ns >= length_ns)
			break;
	}
	free(copy);
	free(records);
	return done;
}

static void print_json(const struct measurement *measurement, double seconds)
{
	const struct latency *latency = &measurement->latency;
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_text(&json, "command", "benchmark");
	json_number(&json, "transfers", measurement->transfers);
	json_number(&json, "missed", measurement->missed);
	json_number(&json, "bytes", measurement->bytes);
	json_number(&json, "reads", measurement->reads);
	json_bool(&json, "handover", measurement->handover);
	json_real(&json, "seconds", seconds);
	json_real(&json, "bytes_per_second", (double)measurement->bytes / seconds);
	json_open(&json, "latency_ns", '{');
	json_number(&json, "min", latency->shortest_ns);
	json_number(&json, "mean", latency->sum_ns / latency->count);
	json_number(&json, "p50", latency_quantile(latency, 0.5));
	json_number(&json, "p99", latency_quantile(latency, 0.99));
	json_number(&json, "max", latency->longest_ns);
	json_close(&json, '}');
	json_close(&json, '}');
	json_end(&json);
}

static void print_text(const struct measurement *measurement, double seconds)
{
	const struct latency *latency = &measurement->latency;
	char bytes[32], rate[32];

	printf("transfers  %" PRIu64 " in %.2f s: %.1f a second, %.2f a read(), %" PRIu64
	       " missed\n",
	       measurement->transfers, seconds, (double)measurement->transfers / seconds,
	       (double)measurement->transfers / (double)measurement->reads, measurement->missed);
	printf("data       %s: %s/s\n",
	       bytes_text(bytes, sizeof(bytes), (double)measurement->bytes),
	       bytes_text(rate, sizeof(rate), (double)measurement->bytes / seconds));
	printf("latency    %.3f ms at least, half below %.3f, 99 %% below %.3f, at most %.3f\n",
	       (double)latency->shortest_ns / 1e6, (double)latency_quantile(latency, 0.5) / 1e6,
	       (double)latency_quantile(latency, 0.99) / 1e6, (double)latency->longest_ns / 1e6);
	printf("hand-over  %s\n",
	       measurement->handover ? "yes: the coprocessor waits for its reader" : "no");
}

enum outcome benchmark_command(const struct options *options)
{
	struct measurement measurement = { 0 };
	struct device device;
	double seconds;
	bool done = false;

	if (!device_open(&device, options->device))
		return OUTCOME_FAILED;
	if (device_allocate(&device, options->buffers, options->size, 0)) {
		device_offer(&device);
		done = measure(&device, &measurement, options);
		measurement.handover = device.takes_buffers;
	}
	device_close(&device);
	if (!done)
		return OUTCOME_FAILED;
	if (!measurement.transfers) {
		complain("nothing to measure: the coprocessor sent %s",
			 measurement.begun_ns ? "one transfer only" : "nothing");
		return OUTCOME_FAILED;
	}
	seconds = (double)(measurement.ended_ns - measurement.begun_ns) / 1e9;
	if (options->json)
		print_json(&measurement, seconds);
	else
		print_text(&measurement, seconds);
	return measurement.missed ? OUTCOME_INCOMPLETE : OUTCOME_OK;
}
