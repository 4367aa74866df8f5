// SPDX-License-Identifier: MIT
/* Requests of the test endpoint about the core itself. */
#include "test_endpoint.h"

#include "channel.h"
#include "link.h"
#include "platform.h"

/*
 * This is time for Linux to read the reply and to close its endpoint. What comes next takes the
 * channel away. rpmsg_char (Linux 6.1) does not survive both at once.
 */
#define LAST_WORDS_US 250000
#define MS_US	      1000

/* False if Linux stops this core meanwhile. */
static bool last_words(const struct request *request)
{
	uint64_t until;

	reply_done(request->client);
	until = platform_time_us() + LAST_WORDS_US;
	while (link_breathe() && platform_time_us() < until)
		link_sleep(until);
	return link_alive();
}

static void crash(struct request *request)
{
	if (last_words(request))
		platform_crash();
}

static void hang(struct request *request)
{
	if (last_words(request))
		platform_hang();
}

/* It lasts until Linux writes to the first word of a buffer. */
static void until_written(struct request *request, void (*begin)(const volatile uint32_t *word))
{
	struct sdb_buffer buffer;
	uint32_t index;

	if (!words_number(&request->words, &index) || !channel_buffer(index, &buffer)) {
		reply_error(request->client, "unknown buffer");
		return;
	}
	/* The reply goes first. While a reply waits for room, messages are taken. */
	reply_done(request->client);
	begin((const volatile uint32_t *)(uintptr_t)buffer.address);
}

static void ignore(struct request *request)
{
	if (words_take(&request->words, "by"))
		until_written(request, link_ignore_by);
	else
		reply_error(request->client, "usage: ignore by INDEX");
}

static void mute(struct request *request)
{
	uint64_t until;
	uint32_t ms;

	if (words_take(&request->words, "by")) {
		until_written(request, link_mute_by);
		return;
	}
	if (words_take(&request->words, "on")) {
		until = PLATFORM_FOREVER;
	} else if (words_take(&request->words, "off")) {
		until = 0;
	} else if (words_number(&request->words, &ms)) {
		until = platform_time_us() + (uint64_t)ms * MS_US;
	} else {
		reply_error(request->client, "usage: mute on|off|by INDEX|MILLISECONDS");
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
	{ "crash", crash }, { "hang", hang },	    { "mute", mute }, { "ignore", ignore },
	{ "reset", reset }, { "version", version }, { NULL, NULL },
};
