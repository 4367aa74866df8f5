// SPDX-License-Identifier: MIT
/*
 * The test firmware: rpmsg-sdb-channel's service, which only registers what Linux announces, an
 * echo, and the test endpoint that makes it do anything else.
 */
#include "bulk.h"
#include "channel.h"
#include "link.h"
#include "platform.h"
#include "scribble.h"
#include "stream.h"
#include "test_endpoint.h"
#include "trace.h"

/* Linux rings a doorbell after DRIVER_OK. It may have done so before we started. */
#define LINUX_POLL_US 1000

static void wait_for_linux(void)
{
	while (!rpmsg_up()) {
		if (platform_shutdown_requested())
			platform_shut_down();
		if (platform_detach_requested())
			platform_acknowledge_detach();
		platform_wait(platform_time_us() + LINUX_POLL_US);
	}
}

/* All work is done here, one piece after the other. Interrupts only set flags. */
static void serve(void)
{
	while (link_alive()) {
		uint64_t wake = link_mute_end();
		uint64_t owed;
		bool busy;

		busy = link_receive();
		owed = channel_poll();
		if (owed < wake)
			wake = owed;
		busy |= stream_poll(&wake);
		busy |= bulk_poll();
		busy |= scribble_poll();
		if (!busy)
			link_sleep(wake);
	}
}

int main(void)
{
	platform_start();
	trace("rpmsg-sdb-test %s %s", FIRMWARE_VERSION, platform_name);
	for (;;) {
		wait_for_linux();
		trace("Linux is there");
		link_start();
		channel_start();
		test_endpoint_reset();
		serve();
		trace("Linux has gone");
		stream_stop();
		bulk_abandon();
	}
}
