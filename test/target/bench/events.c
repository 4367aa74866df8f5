// SPDX-License-Identifier: MIT
/*
 * The cost of one event: a buffer goes from Linux to the coprocessor and back, one at a time. Nobody looks at its
 * bytes. Two others stand beside it. One is a message of the size of an announcement, from rpmsg_char to the
 * coprocessor and back. The other is version 1, which cannot hand a buffer over and so asks for the transfer through
 * rpmsg_char.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../rpmsg_endpoint.h"
#include "session.h"

#define ECHO_BYTES 20
/* before each turn: the first event after another way is another one */
#define WARM_UP	  2
#define QUANTILES 101

struct events {
	struct bench *bench;
	int echo, relay;
	struct session v1, v2;
	/* "B0L00000004" of version 1's buffer */
	char transfer[24];
	size_t transfer_length;
};

/* One of the ways; false: a call failed. */
typedef bool (*round_trip)(struct events *events, struct region *region);

static bool echo(struct events *events, struct region *region)
{
	char message[ECHO_BYTES] = "B0A5b200000L00100000";

	region->calls += 2;
	if (write(events->echo, message, sizeof(message)) != sizeof(message))
		return bench_fail(events->bench, "write to the echo");
	if (read(events->echo, message, sizeof(message)) != sizeof(message))
		return bench_fail(events->bench, "read of the echo");
	return true;
}

static bool version_1(struct events *events, struct region *region)
{
	struct pollfd wait = { .fd = events->v1.eventfd[0], .events = POLLIN };
	struct rpmsg_sdb_ioctl_get_data_size get = { .bufferId = 0 };
	uint64_t fills;

	region->calls += 4;
	if (write(events->relay, events->transfer, events->transfer_length) < 0)
		return bench_fail(events->bench, "write to the relay");
	if (poll(&wait, 1, -1) != 1)
		return bench_fail(events->bench, "poll");
	if (read(wait.fd, &fills, sizeof(fills)) < 0)
		return bench_fail(events->bench, "read of an eventfd");
	if (ioctl(events->v1.fd, RPMSG_SDB_IOCTL_GET_DATA_SIZE, &get) < 0)
		return bench_fail(events->bench, "GET_DATA_SIZE");
	return true;
}

static bool version_2(struct events *events, struct region *region)
{
	struct rpmsg_sdb_transfer record = { .buffer = 0 };

	region->calls += 2;
	if (write(events->v2.fd, &record, sizeof(record)) != sizeof(record))
		return bench_fail(events->bench, "write of a record");
	if (read(events->v2.fd, &record, sizeof(record)) != sizeof(record))
		return bench_fail(events->bench, "read of a record");
	return true;
}

static const struct way {
	const char *name;
	round_trip go;
} ways[] = {
	{ "echo", echo },
	{ "v1", version_1 },
	{ "v2", version_2 },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static int ascending(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* {"latencies":{"name":…,"round":…,"quantiles":[0 %, 1 %, … 100 %]}}, in nanoseconds. */
static void tell_latencies(struct bench *bench, const char *name, uint32_t *ns, size_t count)
{
	int64_t quantiles[QUANTILES];

	qsort(ns, count, sizeof(*ns), ascending);
	for (size_t i = 0; i < QUANTILES; i++)
		quantiles[i] = ns[i * (count - 1) / (QUANTILES - 1)];
	answer_text(bench->answer, "name", name);
	answer_numbers(bench->answer, "quantiles", quantiles, QUANTILES);
	answer_part(bench->answer, "latencies");
}

/* One way's events of one turn, from the round's @first on. */
static bool take_turn(struct events *events, const struct way *way, uint32_t *ns, uint32_t first,
		      uint32_t count)
{
	struct region region;
	uint64_t before, after;

	for (unsigned int i = 0; i < WARM_UP; i++)
		if (!way->go(events, &region))
			return false;
	region_begin(&region);
	before = bench_now_ns();
	for (; region.events < count; region.events++) {
		if (!way->go(events, &region))
			return false;
		after = bench_now_ns();
		ns[first + region.events] = (uint32_t)(after - before);
		before = after;
	}
	region_end(&region, events->bench, way->name);
	return true;
}

static bool measure_round(struct events *events, uint32_t *ns[])
{
	const struct bench_options *options = &events->bench->options;
	uint32_t turn = options->turn && options->turn < options->count ? options->turn :
									  options->count;

	/* they take turns, so that other work of the host slows all of them down alike */
	for (uint32_t first = 0; first < options->count; first += turn) {
		uint32_t count = options->count - first < turn ? options->count - first : turn;

		for (size_t i = 0; i < WAYS; i++)
			if (!take_turn(events, &ways[i], ns[i], first, count))
				return false;
	}
	for (size_t i = 0; i < WAYS; i++)
		tell_latencies(events->bench, ways[i].name, ns[i], options->count);
	return true;
}

/* Without O_NONBLOCK, as applications have it: read() waits. */
static int open_endpoint(const char *name, uint32_t destination)
{
	int fd = rpmsg_endpoint_open(name, destination);

	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* Version 1's buffer is the first on the channel. */
static bool set_up(struct events *events)
{
	struct bench *bench = events->bench;

	events->echo = open_endpoint("sdb-echo", ENDPOINT_ECHO);
	events->relay = open_endpoint("sdb-relay", ENDPOINT_RELAY);
	if (events->echo < 0 || events->relay < 0)
		return bench_fail(bench, "rpmsg_char");
	events->transfer_length =
		(size_t)snprintf(events->transfer, sizeof(events->transfer), "B0L00000004");
	return firmware_ask(&bench->firmware, "features %u", bench->options.features) &&
	       session_open(&events->v1, bench, bench->options.length) &&
	       session_map(&events->v1, bench) &&
	       session_open(&events->v2, bench, bench->options.length) &&
	       session_allocate(&events->v2, bench, bench->options.buffers) &&
	       firmware_wait_registered(&bench->firmware, events->v2.count + 1) &&
	       session_wait_handover(&events->v2, bench) &&
	       /* each empty buffer that is handed over comes back at once */
	       firmware_ask(&bench->firmware, "stream 4 0 0 flow fill=no");
}

bool bench_events(struct bench *bench)
{
	static struct events events;
	uint32_t *ns[WAYS];
	bool done = true;

	for (size_t i = 0; i < WAYS; i++) {
		ns[i] = calloc(bench->options.count, sizeof(*ns[i]));
		done = done && ns[i];
	}
	events = (struct events){
		.bench = bench, .echo = -1, .relay = -1, .v1.fd = -1, .v2.fd = -1
	};
	done = done && set_up(&events);
	for (uint32_t round = 0; done && round < bench->options.rounds; round++)
		done = measure_round(&events, ns);
	if (done)
		done = firmware_ask(&bench->firmware, "stop");
	session_close(&events.v2);
	session_close(&events.v1);
	close(events.relay);
	close(events.echo);
	for (size_t i = 0; i < WAYS; i++)
		free(ns[i]);
	return done;
}
