// SPDX-License-Identifier: MIT
/*
 * The firmware's service behind a line each. Answers are what it did, ';' after each, then the call's result:
 *   payload HEX           its parser alone, as in message.c
 *   new COUNT ALIGNMENT FEATURES FIRST LAST    a fresh service with one window
 *   receive HEX           one payload from Linux
 *   transfer INDEX LENGTH [INDEX LENGTH]…
 *   room N                how many messages the ring takes from now on
 *   slow 0|1              whether withdrawn() says that something still goes on
 *   poll / released INDEX / features BITS / newpeer / forget / buffer INDEX / counters
 */
#include <inttypes.h>

#include "hex-lines.h"
#include "sdb_service.h"

#define PLACES_MAX 64

static struct sdb_buffer *places;
static struct sdb_window window;
static struct sdb_config config;
static struct sdb_service service;
static unsigned int room;
static bool slow, barrier_done;

static bool on_send(void *context, const void *payload, size_t length)
{
	(void)context;
	if (!barrier_done)
		printf("no barrier;");
	barrier_done = false;
	if (!room)
		return false;
	room--;
	printf("sent %.*s;", (int)length, (const char *)payload);
	return true;
}

static void on_barrier(void *context)
{
	(void)context;
	barrier_done = true;
}

static void on_announced(void *context, uint32_t index, const struct sdb_buffer *buffer)
{
	(void)context;
	printf("announced %u %u %u;", index, buffer->address, buffer->length);
}

static void on_refused(void *context, uint32_t index, uint32_t address, uint32_t length,
		       enum sdb_refusal why)
{
	static const char *const reasons[] = { "index", "alignment", "range" };

	(void)context;
	printf("refused %u %u %u %s;", index, address, length, reasons[why]);
}

static bool on_withdrawn(void *context, uint32_t index)
{
	(void)context;
	printf("withdrawn %u;", index);
	return !slow;
}

static void on_handed_over(void *context, uint32_t index, uint32_t length)
{
	(void)context;
	printf("handed %u %u;", index, length);
}

static void on_agreed(void *context, uint32_t features)
{
	(void)context;
	printf("agreed %u;", features);
}

static const struct sdb_calls calls = {
	.send = on_send,
	.barrier = on_barrier,
	.announced = on_announced,
	.refused = on_refused,
	.withdrawn = on_withdrawn,
	.handed_over = on_handed_over,
	.agreed = on_agreed,
};

static void parse_payload(const char *hex)
{
	size_t size, at = 0, taken, end;
	char *payload = bytes_of(hex, &size);
	struct sdb_record record;

	for (end = size; end && !payload[end - 1];)
		end--;
	while (at < end && (taken = sdb_parse_record(payload + at, end - at, &record))) {
		if (record.kind == SDB_RECORD_ANNOUNCE)
			printf("A %u %u %u;", record.index, record.address, record.length);
		else
			printf("T %u %u;", record.index, record.length);
		at += taken;
	}
	printf("rest %zu", end - at);
	free(payload);
}

static void renew(unsigned int count, uint32_t alignment, uint32_t features)
{
	free(places);
	places = malloc(count * sizeof(*places) + 1);
	config = (struct sdb_config){
		.buffers = places,
		.buffer_count = count,
		.windows = &window,
		.window_count = 1,
		.alignment = alignment,
		.features = features,
		.calls = &calls,
	};
	room = 1000;
	slow = false;
	printf("%s", sdb_service_init(&service, &config) ? "ready" : "refused");
}

static void receive(const char *hex)
{
	size_t size;
	char *payload = bytes_of(hex, &size);

	sdb_service_receive(&service, payload, size);
	free(payload);
	printf("done");
}

static void transfer(char *text)
{
	static const char *const names[] = { "ok", "full", "unknown", "too-long", "empty" };
	struct sdb_transfer transfers[PLACES_MAX];
	enum sdb_status why;
	size_t count = 0, sent;

	while (count < PLACES_MAX) {
		char *end;

		transfers[count].index = (uint32_t)strtoul(text, &end, 10);
		if (end == text)
			break;
		transfers[count++].length = (uint32_t)strtoul(end, &text, 10);
	}
	sent = sdb_service_transfer_many(&service, transfers, count, &why);
	printf("%zu %s", sent, names[why]);
}

static void show_buffer(uint32_t index)
{
	const struct sdb_buffer *buffer = sdb_service_buffer(&service, index);

	if (buffer)
		printf("%u %u", buffer->address, buffer->length);
	else
		printf("none");
}

static void run(char *line)
{
	unsigned int a, b, c, d, e;

	if (!strncmp(line, "payload ", 8))
		parse_payload(line + 8);
	else if (!strncmp(line, "receive ", 8))
		receive(line + 8);
	else if (!strncmp(line, "transfer ", 9))
		transfer(line + 9);
	else if (sscanf(line, "new %u %u %u %u %u", &a, &b, &c, &d, &e) == 5)
		window = (struct sdb_window){ d, e }, renew(a, b, c);
	else if (sscanf(line, "room %u", &a) == 1)
		room = a, printf("done");
	else if (sscanf(line, "slow %u", &a) == 1)
		slow = a, printf("done");
	else if (sscanf(line, "released %u", &a) == 1)
		sdb_service_released(&service, a), printf("done");
	else if (sscanf(line, "features %u", &a) == 1)
		sdb_service_set_features(&service, a), printf("done");
	else if (sscanf(line, "buffer %u", &a) == 1)
		show_buffer(a);
	else if (!strncmp(line, "newpeer", 7))
		sdb_service_new_peer(&service), printf("done");
	else if (!strncmp(line, "forget", 6))
		sdb_service_forget(&service), printf("done");
	else if (!strncmp(line, "poll", 4))
		printf("%s", sdb_service_poll(&service) ? "nothing owed" : "owed");
	else if (!strncmp(line, "counters", 8))
		printf("%u %u %u %u %u", service.counters.malformed, service.counters.refused,
		       service.counters.unknown, service.counters.too_long,
		       service.counters.unacknowledged);
	else
		printf("?");
}

int main(void)
{
	char line[4096];

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		run(line);
		puts("");
	}
	free(places);
	return 0;
}
