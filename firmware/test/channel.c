// SPDX-License-Identifier: MIT
#include "channel.h"

#include "fill.h"
#include "heard.h"
#include "link.h"
#include "platform.h"
#include "scribble.h"
#include "st_personality.h"
#include "trace.h"

#define NOBODY 0

static struct sdb_buffer buffers[CHANNEL_BUFFERS];
static struct sdb_service service;
static enum personality personality;
static uint32_t peer = NOBODY;

/* Set by `range`, in the place of the platform's own windows. */
static struct sdb_window window;

/* Handed over and not yet taken, each index at most once. */
static uint32_t handed[CHANNEL_BUFFERS];
static uint32_t handed_first, handed_count;
static bool is_handed[CHANNEL_BUFFERS];

static bool service_send(void *context, const void *payload, size_t length)
{
	(void)context;
	return channel_try_say(payload, length);
}

static void service_barrier(void *context)
{
	(void)context;
	platform_barrier();
}

static void service_announced(void *context, uint32_t index, const struct sdb_buffer *buffer)
{
	(void)context;
	fill_forget(index);
	scribble_add(index, buffer->address, buffer->length);
	trace("buffer %u at %08x, %u bytes", (unsigned int)index, (unsigned int)buffer->address,
	      (unsigned int)buffer->length);
}

static void service_refused(void *context, uint32_t index, uint32_t address, uint32_t length,
			    enum sdb_refusal why)
{
	(void)context;
	trace("buffer %u at %08x, %u bytes: refused, %s", (unsigned int)index,
	      (unsigned int)address, (unsigned int)length,
	      why == SDB_REFUSED_INDEX	   ? "index" :
	      why == SDB_REFUSED_ALIGNMENT ? "alignment" :
					     "out of range");
}

/*
 * This core does all the writing, between two messages. So no write is under way to a buffer that
 * is forgotten here.
 */
static bool service_withdrawn(void *context, uint32_t index)
{
	(void)context;
	fill_forget(index);
	scribble_remove(index);
	trace("buffer %u withdrawn", (unsigned int)index);
	return true;
}

static void service_handed_over(void *context, uint32_t index, uint32_t length)
{
	(void)context;
	(void)length;
	if (is_handed[index])
		return;
	is_handed[index] = true;
	handed[(handed_first + handed_count++) % CHANNEL_BUFFERS] = index;
}

static const struct sdb_calls calls = {
	.send = service_send,
	.barrier = service_barrier,
	.announced = service_announced,
	.refused = service_refused,
	.withdrawn = service_withdrawn,
	.handed_over = service_handed_over,
};

static struct sdb_config config = {
	.buffers = buffers,
	.buffer_count = CHANNEL_BUFFERS,
	.alignment = sizeof(uint32_t),
	.calls = &calls,
};

bool channel_take_handed_over(uint32_t *index)
{
	while (handed_count) {
		*index = handed[handed_first];
		handed_first = (handed_first + 1) % CHANNEL_BUFFERS;
		handed_count--;
		is_handed[*index] = false;
		/* It may have been withdrawn since. */
		if (sdb_service_buffer(&service, *index))
			return true;
	}
	return false;
}

static void forget_all(void)
{
	uint32_t index;

	while (channel_take_handed_over(&index))
		;
	sdb_service_forget(&service);
	st_personality_restart();
	peer = NOBODY;
}

void channel_start(void)
{
	channel_reset_window();
	sdb_service_init(&service, &config);
	forget_all();
	channel_exist(true);
}

bool channel_exist(bool exists)
{
	if (!exists)
		forget_all();
	while (!rpmsg_name_service(SDB_CHANNEL_NAME, ENDPOINT_SDB, exists)) {
		if (!link_breathe())
			return false;
		link_sleep(platform_time_us() + 1000);
	}
	return true;
}

void channel_receive(uint32_t source, const uint8_t *payload, size_t length)
{
	heard_add(payload, length);
	if (source != peer) {
		peer = source;
		sdb_service_new_peer(&service);
		trace("Linux is at %u", (unsigned int)source);
	}
	if (personality == PERSONALITY_ST)
		st_personality_receive(payload, length);
	else
		sdb_service_receive(&service, payload, length);
}

uint64_t channel_poll(void)
{
	if (personality == PERSONALITY_ST)
		return st_personality_poll();
	/* Nothing is owed, or there is no room. In both cases the ring's doorbell wakes us. */
	sdb_service_poll(&service);
	return PLATFORM_FOREVER;
}

bool channel_has_peer(void)
{
	return peer != NOBODY;
}

uint32_t channel_peer(void)
{
	return peer;
}

bool channel_try_say(const void *payload, size_t length)
{
	return link_try_send(ENDPOINT_SDB, peer, payload, length);
}

bool channel_say(const void *payload, size_t length)
{
	return link_send(ENDPOINT_SDB, peer, payload, length);
}

size_t channel_transfer(const struct sdb_transfer *transfers, size_t count, enum sdb_status *why)
{
	if (personality == PERSONALITY_ST)
		return st_personality_transfer(transfers, count, why);
	return sdb_service_transfer_many(&service, transfers, count, why);
}

bool channel_buffer(uint32_t index, struct sdb_buffer *buffer)
{
	const struct sdb_buffer *found;

	if (personality == PERSONALITY_ST)
		return st_personality_buffer(index, buffer);
	found = sdb_service_buffer(&service, index);
	if (found)
		*buffer = *found;
	return found != NULL;
}

bool channel_next(uint32_t from, uint32_t *index)
{
	struct sdb_buffer buffer;
	uint32_t step;

	for (step = 0; step < CHANNEL_BUFFERS; step++) {
		*index = (from + step) % CHANNEL_BUFFERS;
		if (channel_buffer(*index, &buffer))
			return true;
	}
	return false;
}

uint32_t channel_fill_length(uint32_t length)
{
	return personality == PERSONALITY_ST ? ST_FILL_LENGTH : length;
}

void channel_set_personality(enum personality wanted)
{
	if (wanted == PERSONALITY_ST && personality != wanted)
		st_personality_restart();
	personality = wanted;
}

enum personality channel_personality(void)
{
	return personality;
}

void channel_set_features(uint32_t features)
{
	sdb_service_set_features(&service, features);
}

uint32_t channel_features_agreed(void)
{
	return sdb_service_agreed(&service);
}

void channel_set_window(uint32_t first, uint32_t last)
{
	window.first = first;
	window.last = last;
	config.windows = &window;
	config.window_count = 1;
}

void channel_reset_window(void)
{
	config.windows = platform_windows;
	config.window_count = platform_window_count;
}

bool channel_reachable(uint32_t address, uint32_t length)
{
	return sdb_reachable(&config, address, length);
}

const struct sdb_counters *channel_counters(void)
{
	return &service.counters;
}
