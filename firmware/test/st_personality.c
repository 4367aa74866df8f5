// SPDX-License-Identifier: MIT
#include "st_personality.h"

#include "channel.h"
#include "fill.h"
#include "memory.h"
#include "platform.h"
#include "scribble.h"
#include "trace.h"

#define ST_BUFFERS 10u
#define ST_MESSAGE 20u

/*
 * ST's main loop looks at the message once a round. That is why its applications sleep 50 ms
 * between two buffers. Of all messages that arrive within this time, only the last one counts.
 */
#define ST_ROUND_US 20000

static struct sdb_buffer buffers[ST_BUFFERS];
static uint32_t count;
static char kept[ST_MESSAGE];
static bool is_kept;
static uint64_t look_at_us;

void st_personality_restart(void)
{
	count = 0;
	is_kept = false;
}

void st_personality_receive(const uint8_t *payload, size_t length)
{
	if (!is_kept)
		look_at_us = platform_time_us() + ST_ROUND_US;
	is_kept = true;
	memset(kept, 0, sizeof(kept));
	memcpy(kept, payload, length < sizeof(kept) ? length : sizeof(kept));
}

static bool lower_case(const char *text, size_t size)
{
	size_t i;

	/* The two letters of the grammar that are capital stand at 2 and 11. */
	for (i = 1; i < size; i++) {
		if (i != 2 && i != 11 && text[i] >= 'A' && text[i] <= 'F')
			return false;
	}
	return true;
}

/* Exactly "B<digit>A<hex8>L<hex8>", of the index that is next, and no other. */
static void register_kept(void)
{
	struct sdb_record record;

	if (sdb_parse_record(kept, sizeof(kept), &record) != ST_MESSAGE ||
	    record.kind != SDB_RECORD_ANNOUNCE || !lower_case(kept, sizeof(kept)) ||
	    record.index != count || count == ST_BUFFERS) {
		trace("ST: message ignored");
		return;
	}
	/* ST's firmware checks nothing here. This one must not overwrite Linux's memory. */
	if (record.address % sizeof(uint32_t) ||
	    !channel_reachable(record.address, record.length)) {
		trace("ST: buffer %u at %08x spared", (unsigned int)record.index,
		      (unsigned int)record.address);
		return;
	}
	fill_forget(count);
	scribble_add(count, record.address, record.length);
	buffers[count].address = record.address;
	buffers[count].length = record.length;
	count++;
	trace("ST: buffer %u at %08x", (unsigned int)record.index, (unsigned int)record.address);
}

uint64_t st_personality_poll(void)
{
	if (is_kept && platform_time_us() >= look_at_us) {
		is_kept = false;
		register_kept();
	}
	return is_kept ? look_at_us : PLATFORM_FOREVER;
}

bool st_personality_buffer(uint32_t index, struct sdb_buffer *buffer)
{
	if (index >= count)
		return false;
	*buffer = buffers[index];
	return true;
}

size_t st_personality_transfer(const struct sdb_transfer *transfers, size_t wanted,
			       enum sdb_status *why)
{
	enum sdb_status status = SDB_OK;
	char text[SDB_TRANSFER_MAX];
	size_t sent;

	for (sent = 0; sent < wanted; sent++) {
		size_t length = sdb_format_transfer(text, transfers[sent].index, ST_FILL_LENGTH);

		if (transfers[sent].index >= count) {
			status = SDB_UNKNOWN;
			break;
		}
		platform_barrier();
		if (!channel_try_say(text, length)) {
			status = SDB_FULL;
			break;
		}
	}
	if (why)
		*why = status;
	return sent;
}
