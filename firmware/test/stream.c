// SPDX-License-Identifier: MIT
#include "stream.h"

#include "channel.h"
#include "memory.h"
#include "platform.h"

#define SECOND_US 1000000ull

static struct stream_order order;
static struct stream_status state;
static uint64_t started_us;

/* The fill under way. */
static struct fill fill;
static bool filling;
static uint32_t next_index;

/* Filled, and not yet in Linux's ring. */
static struct sdb_transfer ready[STREAM_BATCH_MAX];
static uint32_t ready_count;
static bool flushing;
static bool ring_full;

static void end(void)
{
	if (filling)
		fill_abandon(&fill);
	filling = false;
	state.us = platform_time_us() - started_us;
	state.streaming = false;
}

void stream_start(const struct stream_order *wanted)
{
	stream_stop();
	order = *wanted;
	memset(&state, 0, sizeof(state));
	state.streaming = true;
	started_us = platform_time_us();
	filling = false;
	next_index = 0;
	ready_count = 0;
	flushing = false;
	ring_full = false;
	fill_reset_counts();
}

void stream_stop(void)
{
	if (state.streaming)
		end();
}

void stream_get(struct stream_status *status)
{
	*status = state;
	if (state.streaming)
		status->us = platform_time_us() - started_us;
}

/*
 * All that is ready, in one payload. It is packed here and not by the service, which needs Linux's
 * consent for that. Some firmware packs without asking, and a driver must bear it.
 */
static bool send_ready(void)
{
	char payload[SDB_PAYLOAD_MAX];
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < ready_count; i++) {
		struct sdb_buffer buffer;

		/* It may have gone while the ring was full. */
		if (channel_buffer(ready[i].index, &buffer))
			used += sdb_format_transfer(payload + used, ready[i].index,
						    ready[i].length);
	}
	/* What was filled must be in memory before Linux hears of it. */
	platform_barrier();
	if (used && !channel_try_say(payload, used)) {
		if (!ring_full)
			state.full++;
		ring_full = true;
		return false;
	}
	ring_full = false;
	state.sent += ready_count;
	ready_count = 0;
	flushing = false;
	return true;
}

static void add_ready(void)
{
	uint32_t index = fill.pattern.index;

	ready[ready_count].index = index;
	ready[ready_count].length = channel_fill_length(order.length);
	ready_count++;
	state.fills++;
	fill_next_count(index);
	flushing = ready_count >= order.batch;
}

/*
 * When the next fill is due. The times are multiples of the period. So a fill that is late does not
 * delay the ones after it.
 */
static uint64_t due_us(void)
{
	if (!order.rate)
		return 0;
	return started_us + state.fills * SECOND_US / order.rate;
}

static bool choose(uint32_t *index)
{
	struct sdb_buffer buffer;
	uint32_t first;

	if (order.flow)
		return channel_take_handed_over(index);
	if (!channel_next(next_index, &first))
		return false;
	/*
	 * A buffer that is too short for the order is passed over. At most one round is searched.
	 */
	*index = first;
	do {
		channel_buffer(*index, &buffer);
		next_index = (*index + 1) % CHANNEL_BUFFERS;
		if (buffer.length >= order.length || channel_personality() == PERSONALITY_ST)
			return true;
		channel_next(next_index, index);
	} while (*index != first);
	return false;
}

static bool begin_fill(void)
{
	uint32_t index;

	if (!choose(&index))
		return false;
	/* This buffer was handed over, but is too short for the order. It stays with us. */
	if (!fill_start(&fill, index, order.length, fill_count(index), order.words))
		return true;
	filling = order.fill;
	if (!order.fill)
		add_ready();
	return true;
}

static bool step(void)
{
	enum fill_status status = fill_step(&fill);

	filling = status == FILL_MORE || status == FILL_WAITS;
	if (status == FILL_DONE)
		add_ready();
	return status != FILL_WAITS;
}

/* A DMA fills the next buffer while this core sends what is ready. */
static void begin_ahead(void)
{
	bool is_wanted = !order.count || state.fills < order.count;

	if (order.words == FILL_BY_DMA && !filling && is_wanted && ready_count < STREAM_BATCH_MAX &&
	    due_us() <= platform_time_us())
		begin_fill();
	if (filling && !fill.dma_started)
		step();
}

bool stream_poll(uint64_t *wake)
{
	uint64_t due;
	bool sent = false;

	if (!state.streaming)
		return false;
	if (flushing) {
		begin_ahead();
		sent = send_ready();
		if (!filling)
			return sent;
	}
	if (filling)
		return step() || sent;
	if (order.count && state.fills >= order.count) {
		if (ready_count)
			return send_ready();
		end();
		return true;
	}
	due = due_us();
	if (due > platform_time_us()) {
		if (due < *wake)
			*wake = due;
		return false;
	}
	if (begin_fill())
		return !flushing || send_ready();
	/* There is nothing to fill before Linux gets what is ready, and hands it over again. */
	return ready_count && send_ready();
}
