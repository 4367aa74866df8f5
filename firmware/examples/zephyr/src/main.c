// SPDX-License-Identifier: MIT
/* Goes round the buffers that Linux announces: a counter in each word, ten buffers a second. */
#include <zephyr/kernel.h>

#include "linux_link.h"
#include "sdb_openamp.h"

static struct sdb_openamp channel;
static struct sdb_buffer buffers[4];
static const struct sdb_window ddr = { 0xc0000000, 0xdfffffff };
static const struct sdb_calls calls = { .send = sdb_openamp_send, .barrier = sdb_openamp_barrier };
static const struct sdb_config config = {
	.buffers = buffers,
	.buffer_count = 4,
	.windows = &ddr,
	.window_count = 1,
	.alignment = 4,
	.calls = &calls,
	.context = &channel,
};

static void fill_next(void)
{
	static uint32_t next, counter;
	const struct sdb_buffer *buffer = sdb_service_buffer(&channel.service, next);

	if (buffer) {
		volatile uint32_t *word = (volatile uint32_t *)(uintptr_t)buffer->address;

		for (uint32_t i = 0; i < buffer->length / 4; i++)
			word[i] = counter++;
		sdb_service_transfer(&channel.service, next, buffer->length);
	}
	next = (next + 1) % config.buffer_count;
}

int main(void)
{
	struct rpmsg_device *linux_side = linux_link_start();
	int64_t due = k_uptime_get();

	if (!linux_side || !sdb_openamp_init(&channel, &config) ||
	    rpmsg_create_ept(&channel.endpoint, linux_side, SDB_CHANNEL_NAME, RPMSG_ADDR_ANY,
			     RPMSG_ADDR_ANY, sdb_openamp_receive, NULL))
		return -1;
	for (;;) {
		linux_link_turn(K_MSEC(10));
		sdb_service_poll(&channel.service);
		if (k_uptime_get() >= due) {
			due += 100;
			fill_next();
		}
	}
}
