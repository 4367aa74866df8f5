// SPDX-License-Identifier: MIT
/*
 * Buffers in bulk, in three ways: what the firmware fills with nobody listening; the same number of bytes in 496-byte
 * payloads through rpmsg_char; and the same through buffers of version 2, with read() and write() of records. Of each
 * page one word is checked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../pattern.h"
#include "../rpmsg_endpoint.h"
#include "session.h"

#define PAYLOAD_BYTES 496
#define WORDS_A_PAGE  1024
#define RECORDS_MAX   64

struct transfers {
	struct bench *bench;
	struct session session;
	int direct;
	/* fills of each buffer since the stream began, which are the pattern's seed */
	uint32_t fills[SESSION_BUFFERS_MAX];
	uint64_t taken, missed, wrong;
};

static bool check(struct transfers *transfers, const struct rpmsg_sdb_transfer *record)
{
	const volatile uint32_t *word = transfers->session.memory[record->buffer];
	uint32_t seed = transfers->fills[record->buffer] + record->missed;
	uint32_t words = record->length / sizeof(*word);
	bool dma = transfers->bench->options.dma;

	transfers->fills[record->buffer] = seed + 1;
	if (!word)
		return true;
	for (uint32_t i = 0; i < words; i += WORDS_A_PAGE)
		if (word[i] != pattern_word(record->buffer, seed, dma ? 0 : i))
			return false;
	return true;
}

static void dawdle(uint32_t us)
{
	uint64_t until = bench_now_ns() + us * 1000ull;

	while (us && bench_now_ns() < until)
		;
}

/* One read() and, with hand-over, one write() of what it brought. */
static bool turn(struct transfers *transfers, struct region *region)
{
	const struct bench_options *options = &transfers->bench->options;
	struct rpmsg_sdb_transfer records[RECORDS_MAX];
	ssize_t bytes = read(transfers->session.fd, records, options->records * sizeof(records[0]));

	region->calls++;
	if (bytes < 0)
		return bench_fail(transfers->bench,
				  errno == EINTR ? "waiting for a transfer" : "read of records");
	for (size_t i = 0; i < (size_t)bytes / sizeof(records[0]); i++) {
		if (!check(transfers, &records[i]))
			transfers->wrong++;
		transfers->taken++;
		transfers->missed += records[i].missed;
		region->bytes += records[i].length;
		records[i] = (struct rpmsg_sdb_transfer){ .buffer = records[i].buffer };
	}
	dawdle(options->delay);
	if (!options->flow)
		return true;
	region->calls++;
	return write(transfers->session.fd, records, (size_t)bytes) == bytes ||
	       bench_fail(transfers->bench, "write of records");
}

/* A stream from its request to the last buffer handed back. */
static bool stream(struct transfers *transfers)
{
	struct bench *bench = transfers->bench;
	const struct bench_options *options = &bench->options;
	struct region region;

	memset(transfers->fills, 0, sizeof(transfers->fills));
	transfers->taken = transfers->missed = transfers->wrong = 0;
	bench_wait_for_coprocessor(true);
	region_begin(&region);
	if (!firmware_ask(&bench->firmware, "stream %u %u 0 batch=%u%s%s%s", options->length,
			  options->count, options->batch, options->flow ? " flow" : "",
			  options->fill ? "" : " fill=no", options->dma ? " words=dma" : ""))
		return false;
	while (transfers->taken + transfers->missed < options->count)
		if (!turn(transfers, &region))
			return false;
	region.events = transfers->taken;
	region_end(&region, bench, "records");
	bench_wait_for_coprocessor(false);
	if (!firmware_ask(&bench->firmware, "status"))
		return false;
	answer_number(bench->answer, "taken", (int64_t)transfers->taken);
	answer_number(bench->answer, "missed", (int64_t)transfers->missed);
	answer_number(bench->answer, "wrong", (int64_t)transfers->wrong);
	answer_number(bench->answer, "sent", firmware_number(&bench->firmware, "sent"));
	answer_part(bench->answer, "transfers");
	return true;
}

/* The firmware's own account of filling as much and telling nobody. */
static bool fill_rate(struct transfers *transfers)
{
	struct bench *bench = transfers->bench;
	struct region region = { .events = bench->options.count };

	if (!firmware_ask(&bench->firmware, "measure %u %u%s", bench->options.length,
			  bench->options.count, bench->options.dma ? " words=dma" : ""))
		return false;
	region.bytes = region.events * bench->options.length;
	region_tell(&region, bench, "fill",
		    (uint64_t)firmware_number(&bench->firmware, "us") * 1000);
	return true;
}

static bool direct_mode(struct transfers *transfers)
{
	struct bench *bench = transfers->bench;
	uint32_t payload[PAYLOAD_BYTES / sizeof(uint32_t)];
	char request[32];
	int length = snprintf(request, sizeof(request), "direct %u", bench->options.direct);
	struct region region;

	bench_wait_for_coprocessor(true);
	region_begin(&region);
	if (write(transfers->direct, request, (size_t)length) != length)
		return bench_fail(bench, "write to rpmsg_char");
	/* the last message is the firmware's account */
	for (; region.events <= bench->options.direct; region.events++) {
		ssize_t bytes = read(transfers->direct, payload, sizeof(payload));

		region.calls++;
		if (bytes < 0)
			return bench_fail(bench, "read of rpmsg_char");
		if (region.events == bench->options.direct)
			break;
		if (bytes != sizeof(payload) || payload[1] != PATTERN_STEP) {
			answer_error(bench->answer, "payload %u of direct mode is wrong",
				     (unsigned int)region.events);
			return false;
		}
		region.bytes += (size_t)bytes;
	}
	region_end(&region, bench, "direct");
	bench_wait_for_coprocessor(false);
	return true;
}

static bool set_up(struct transfers *transfers)
{
	struct bench *bench = transfers->bench;

	if (bench->options.direct) {
		transfers->direct = rpmsg_endpoint_open("sdb-direct", ENDPOINT_TEST);
		if (transfers->direct < 0)
			return bench_fail(bench, "rpmsg_char");
		fcntl(transfers->direct, F_SETFL, fcntl(transfers->direct, F_GETFL) & ~O_NONBLOCK);
	}
	return firmware_ask(&bench->firmware, "features %u", bench->options.features) &&
	       session_open(&transfers->session, bench, bench->options.length) &&
	       session_allocate(&transfers->session, bench, bench->options.buffers) &&
	       firmware_wait_registered(&bench->firmware, bench->options.buffers) &&
	       session_wait_handover(&transfers->session, bench) &&
	       (!bench->options.flow || session_hand_over_all(&transfers->session, bench));
}

bool bench_transfers(struct bench *bench)
{
	static struct transfers transfers;
	bool done;

	if (!bench->options.records || bench->options.records > RECORDS_MAX) {
		answer_error(bench->answer, "records: from 1 to %d", RECORDS_MAX);
		return false;
	}
	transfers = (struct transfers){ .bench = bench, .direct = -1, .session.fd = -1 };
	done = set_up(&transfers);
	for (uint32_t round = 0; done && round < bench->options.rounds; round++)
		done = (!bench->options.fill || fill_rate(&transfers)) &&
		       (!bench->options.direct || direct_mode(&transfers)) && stream(&transfers);
	session_close(&transfers.session);
	if (transfers.direct >= 0)
		close(transfers.direct);
	return done;
}
