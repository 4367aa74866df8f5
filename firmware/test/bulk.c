// SPDX-License-Identifier: MIT
#include "bulk.h"

#include "link.h"
#include "memory.h"
#include "platform.h"
#include "test_endpoint.h"

static struct {
	uint32_t client, from, to;
	uint32_t left, count;
	size_t length;
	uint64_t started_us;
	bool running;
	uint8_t payload[SDB_PAYLOAD_MAX];
} bulk;

bool bulk_start(uint32_t client, uint32_t from, uint32_t to, uint32_t count, const void *payload,
		size_t length)
{
	if (bulk.running)
		return false;
	bulk.client = client;
	bulk.from = from;
	bulk.to = to;
	bulk.count = count;
	bulk.left = count;
	bulk.length = length;
	memcpy(bulk.payload, payload, length);
	bulk.started_us = platform_time_us();
	bulk.running = true;
	return true;
}

static void end(void)
{
	bulk.running = false;
	reply_ok(bulk.client, "sent=%u us=%llu", (unsigned int)(bulk.count - bulk.left),
		 (unsigned long long)(platform_time_us() - bulk.started_us));
}

void bulk_stop(void)
{
	if (bulk.running)
		end();
}

void bulk_abandon(void)
{
	bulk.running = false;
}

bool bulk_poll(void)
{
	bool any = false;

	if (!bulk.running)
		return false;
	while (bulk.left && link_try_send(bulk.from, bulk.to, bulk.payload, bulk.length)) {
		bulk.left--;
		any = true;
	}
	if (bulk.left)
		return any;
	end();
	return true;
}
