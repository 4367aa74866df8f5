// SPDX-License-Identifier: MIT
/* Requests of the test endpoint that fill buffers. */
#include "test_endpoint.h"

#include "channel.h"
#include "fill.h"
#include "link.h"
#include "memory.h"
#include "pattern.h"
#include "platform.h"
#include "scribble.h"
#include "stream.h"

/* Bytes that are compared before Linux is looked after again. */
#define CHECK_STEP 4096u

/*
 * Fills and hands over. link_breathe() is called while this waits for room, so that Linux is
 * served.
 */
static bool transfer(uint32_t index, uint32_t length, enum sdb_status *status)
{
	const struct sdb_transfer one = { index, length };

	while (!channel_transfer(&one, 1, status)) {
		if (*status != SDB_FULL || !link_breathe())
			return false;
		link_sleep(platform_time_us() + 1000);
	}
	return true;
}

static void fill_one(struct request *request)
{
	enum sdb_status status = SDB_UNKNOWN;
	uint32_t index, length, seed;
	struct sdb_buffer buffer;
	struct fill fill;

	if (!words_number(&request->words, &index) || !words_number(&request->words, &length)) {
		reply_error(request->client, "usage: fill INDEX LENGTH [SEED]");
		return;
	}
	if (!channel_buffer(index, &buffer)) {
		reply_error(request->client, "unknown buffer");
		return;
	}
	seed = fill_count(index);
	if (!words_end(&request->words) && !words_number(&request->words, &seed)) {
		reply_error(request->client, "SEED is not a number");
		return;
	}
	length = channel_fill_length(length);
	if (!fill_start(&fill, index, length, seed, FILL_ALL)) {
		reply_error(request->client, "length beyond the buffer's %u",
			    (unsigned int)buffer.length);
		return;
	}
	if (fill.length && !fill_whole(&fill)) {
		reply_error(request->client, "the buffer went away");
		return;
	}
	if (!transfer(index, length, &status)) {
		reply_error(request->client, status == SDB_EMPTY ?
						     "a length of 0 confirms a withdrawal" :
						     "the buffer went away");
		return;
	}
	fill_next_count(index);
	reply_ok(request->client, "seed=%u", (unsigned int)seed);
}

static void list(struct request *request)
{
	struct sdb_buffer buffer;
	uint32_t index, count = 0;

	for (index = 0; index < CHANNEL_BUFFERS; index++) {
		if (!channel_buffer(index, &buffer))
			continue;
		reply_line(request->client, "%u 0x%08x %u %u", (unsigned int)index,
			   (unsigned int)buffer.address, (unsigned int)buffer.length,
			   (unsigned int)fill_count(index));
		count++;
	}
	reply_ok(request->client, "%u", (unsigned int)count);
}

/* What may follow `stream LENGTH COUNT RATE`; false at the first word that may not. */
static bool options(struct words *words, struct stream_order *order)
{
	while (!words_end(words)) {
		const char *word;
		size_t length;
		struct words value;

		if (words_take(words, "flow")) {
			order->flow = true;
		} else if (words_take(words, "fill=no")) {
			order->fill = false;
		} else if (words_take(words, "words=page")) {
			order->words = FILL_PAGES;
		} else if (platform_has_dma && words_take(words, "words=dma")) {
			order->words = FILL_BY_DMA;
		} else {
			if (!words_next(words, &word, &length) || length < 7)
				return false;
			value.at = word + 6;
			value.left = length - 6;
			if (memcmp(word, "batch=", 6) != 0 ||
			    !words_number(&value, &order->batch) || order->batch < 1 ||
			    order->batch > STREAM_BATCH_MAX)
				return false;
		}
	}
	return true;
}

static void stream(struct request *request)
{
	struct stream_order order = { .batch = 1, .fill = true };
	struct words *words = &request->words;

	if (!words_number(words, &order.length) || !words_number(words, &order.count) ||
	    !words_number(words, &order.rate) || !options(words, &order)) {
		reply_error(request->client,
			    "usage: stream LENGTH COUNT RATE [batch=1..%u] [flow] "
			    "[fill=no] [words=page|dma]",
			    STREAM_BATCH_MAX);
		return;
	}
	if (order.length == 0 && order.fill)
		order.fill = false;
	if (order.words == FILL_BY_DMA && order.length % 4) {
		reply_error(request->client, "a DMA fills whole words");
		return;
	}
	stream_start(&order);
	reply_done(request->client);
}

static void status(struct request *request)
{
	struct stream_status now;

	stream_get(&now);
	reply_ok(request->client, "streaming=%u fills=%u sent=%u full=%u us=%llu",
		 (unsigned int)now.streaming, (unsigned int)now.fills, (unsigned int)now.sent,
		 (unsigned int)now.full, (unsigned long long)now.us);
}

static void stop(struct request *request)
{
	stream_stop();
	status(request);
}

static void measure(struct request *request)
{
	uint32_t length, count, done, index = 0;
	uint64_t start = platform_time_us();
	enum fill_words words = FILL_ALL;

	if (!words_number(&request->words, &length) || !words_number(&request->words, &count)) {
		reply_error(request->client, "usage: measure LENGTH COUNT [words=dma]");
		return;
	}
	if (platform_has_dma && words_take(&request->words, "words=dma"))
		words = FILL_BY_DMA;
	for (done = 0; done < count; done++) {
		struct fill fill;

		if (!channel_next(index, &index) ||
		    !fill_start(&fill, index, length, done, words)) {
			reply_error(request->client, "no buffer of that length");
			return;
		}
		if (!fill_whole(&fill)) {
			reply_error(request->client, "the buffer went away");
			return;
		}
		index++;
	}
	platform_barrier();
	reply_ok(request->client, "us=%llu", (unsigned long long)(platform_time_us() - start));
}

static void check(struct request *request)
{
	uint32_t length, done = 0, different = 0, first = 0, offset = 0;
	struct sdb_buffer buffer;
	struct pattern pattern;

	if (!words_number(&request->words, &pattern.index) ||
	    !words_number(&request->words, &length) ||
	    !words_number(&request->words, &pattern.seed) ||
	    (!words_end(&request->words) && !words_number(&request->words, &offset))) {
		reply_error(request->client, "usage: check INDEX LENGTH SEED [OFFSET]");
		return;
	}
	if (!channel_buffer(pattern.index, &buffer) || offset % 4 || offset > buffer.length ||
	    length > buffer.length - offset) {
		reply_error(request->client, "no such range");
		return;
	}
	while (done < length && link_breathe()) {
		uint32_t step = length - done < CHECK_STEP ? length - done : CHECK_STEP;
		uint32_t at = offset + done;
		uint32_t here = 0;
		uint32_t more;

		more = pattern_differences(&pattern, (void *)(uintptr_t)(buffer.address + at), at,
					   step, &here);
		if (more && !different)
			first = here;
		different += more;
		done += step;
	}
	reply_ok(request->client, "bytes=%u different=%u first=%u", (unsigned int)done,
		 (unsigned int)different, (unsigned int)first);
}

static void scribble(struct request *request)
{
	if (words_take(&request->words, "on")) {
		scribble_switch(true);
	} else if (words_take(&request->words, "off")) {
		scribble_switch(false);
	} else if (!words_end(&request->words)) {
		reply_error(request->client, "usage: scribble [on|off]");
		return;
	}
	reply_ok(request->client, "ranges=%u lost=%u", (unsigned int)scribble_ranges(),
		 (unsigned int)scribble_lost());
}

const struct verb verbs_of_buffers[] = {
	{ "fill", fill_one }, { "buffers", list },	{ "stream", stream },
	{ "status", status }, { "stop", stop },		{ "measure", measure },
	{ "check", check },   { "scribble", scribble }, { NULL, NULL },
};
