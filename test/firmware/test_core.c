// SPDX-License-Identifier: MIT
/* Requests of the test endpoint about the core itself. */
#include "test_endpoint.h"

#include "link.h"
#include "platform.h"

/* Time for Linux to read the reply: what comes next takes the channel from it. */
#define LAST_WORDS_US 20000
#define MS_US 1000

static void last_words(const struct request *request)
{
	uint64_t until = platform_time_us() + LAST_WORDS_US;

	reply_done(request->client);
	while (platform_time_us() < until)
		platform_wait(until);
}

static void crash(struct request *request)
{
	last_words(request);
	platform_crash();
}

static void hang(struct request *request)
{
	last_words(request);
	platform_hang();
}

static void mute(struct request *request)
{
	uint64_t until;
	uint32_t ms;

	if (words_take(&request->words, "on")) {
		until = PLATFORM_FOREVER;
	} else if (words_take(&request->words, "off")) {
		until = 0;
	} else if (words_number(&request->words, &ms)) {
		until = platform_time_us() + (uint64_t)ms * MS_US;
	} else {
		reply_error(request->client, "usage: mute on|off|MILLISECONDS");
		return;
	}
	reply_done(request->client);
	link_mute(until);
}

static void reset(struct request *request)
{
	test_endpoint_reset();
	reply_done(request->client);
}

static void version(struct request *request)
{
	reply_ok(request->client, "rpmsg-sdb-test %s %s", FIRMWARE_VERSION, platform_name);
}

const struct verb verbs_of_core[] = {
	{ "crash", crash },
	{ "hang", hang },
	{ "mute", mute },
	{ "reset", reset },
	{ "version", version },
	{ NULL, NULL },
};
