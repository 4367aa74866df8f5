// SPDX-License-Identifier: MIT
/* Requests of the test endpoint about what is said on rpmsg-sdb-channel. */
#include "test_endpoint.h"

#include "bulk.h"
#include "channel.h"
#include "heard.h"
#include "link.h"
#include "memory.h"
#include "pattern.h"

/* What follows the one blank after the last word taken: any bytes, perhaps none. */
static void rest(struct words *words)
{
	if (words->left && *words->at == ' ') {
		words->at++;
		words->left--;
	}
}

static bool nobody(const struct request *request)
{
	if (channel_has_peer())
		return false;
	reply_error(request->client, "Linux has said nothing yet, so its address is not known");
	return true;
}

static void say(struct request *request)
{
	if (nobody(request))
		return;
	rest(&request->words);
	if (channel_say(request->words.at, request->words.left))
		reply_done(request->client);
}

static void flood(struct request *request)
{
	uint32_t count;

	if (!words_number(&request->words, &count)) {
		reply_error(request->client, "usage: flood COUNT BYTES");
		return;
	}
	if (nobody(request))
		return;
	rest(&request->words);
	if (!bulk_start(request->client, ENDPOINT_SDB, channel_peer(), count, request->words.at,
			request->words.left))
		reply_error(request->client, "busy");
}

static void direct(struct request *request)
{
	static const struct pattern pattern = { 0, 0 };
	static uint32_t payload[SDB_PAYLOAD_MAX / sizeof(uint32_t)];
	uint32_t count;

	if (!words_number(&request->words, &count)) {
		reply_error(request->client, "usage: direct COUNT");
		return;
	}
	pattern_write(&pattern, payload, 0, sizeof(payload));
	if (!bulk_start(request->client, ENDPOINT_TEST, request->client, count, payload,
			sizeof(payload)))
		reply_error(request->client, "busy");
}

/* A line holds this much, without "+ " and without the mark of a line that goes on. */
#define LINE_ROOM   (SDB_PAYLOAD_MAX - 3)
#define ESCAPED_MAX 4

static void send_heard(uint32_t client, const uint8_t *payload, size_t length)
{
	char line[LINE_ROOM + 1];
	struct text text;
	size_t i;

	text_start(&text, line, LINE_ROOM);
	for (i = 0; i < length; i++) {
		char byte = (char)payload[i];

		if (text.used + ESCAPED_MAX > LINE_ROOM) {
			line[text.used] = '\0';
			reply_line(client, "%s\\", line);
			text_start(&text, line, LINE_ROOM);
		}
		if (byte < ' ' || byte > '~' || byte == '\\')
			text_format(&text, "\\x%02x", (unsigned int)payload[i]);
		else
			text_byte(&text, byte);
	}
	line[text.used] = '\0';
	reply_line(client, "%s", line);
}

static void heard(struct request *request)
{
	uint8_t payload[SDB_PAYLOAD_MAX];
	uint32_t asked = heard_count(), count, lost;

	/* Linux may send more while we reply. Those messages wait for the next request. */
	for (count = 0; count < asked && heard_count() && link_alive(); count++)
		send_heard(request->client, payload, heard_take(payload));
	lost = heard_lost();
	if (lost)
		reply_ok(request->client, "%u lost %u", (unsigned int)count, (unsigned int)lost);
	else
		reply_ok(request->client, "%u", (unsigned int)count);
}

static void features(struct request *request)
{
	uint32_t bits = 0;

	if (!words_end(&request->words) && !words_number(&request->words, &bits)) {
		reply_error(request->client, "usage: features [BITS]");
		return;
	}
	channel_set_features(bits);
	reply_ok(request->client, "agreed=%u", (unsigned int)channel_features_agreed());
}

static void personality(struct request *request)
{
	if (words_take(&request->words, "service")) {
		channel_set_personality(PERSONALITY_SERVICE);
	} else if (words_take(&request->words, "st")) {
		channel_set_personality(PERSONALITY_ST);
	} else {
		reply_error(request->client, "usage: personality service|st");
		return;
	}
	reply_done(request->client);
}

static void range(struct request *request)
{
	uint32_t low, high;

	if (words_take(&request->words, "default")) {
		channel_reset_window();
	} else if (words_number(&request->words, &low) && words_number(&request->words, &high) &&
		   low < high) {
		channel_set_window(low, high - 1);
	} else {
		reply_error(request->client, "usage: range LOW HIGH|default");
		return;
	}
	reply_done(request->client);
}

static void channel(struct request *request)
{
	bool exists = words_take(&request->words, "create");

	if (!exists && !words_take(&request->words, "destroy")) {
		reply_error(request->client, "usage: channel destroy|create");
		return;
	}
	if (channel_exist(exists))
		reply_done(request->client);
}

static void counters(struct request *request)
{
	const struct sdb_counters *now = channel_counters();

	reply_ok(request->client,
		 "malformed=%u refused=%u unknown=%u too_long=%u unacknowledged=%u "
		 "damaged=%u agreed=%u",
		 (unsigned int)now->malformed, (unsigned int)now->refused,
		 (unsigned int)now->unknown, (unsigned int)now->too_long,
		 (unsigned int)now->unacknowledged, (unsigned int)rpmsg_damaged(),
		 (unsigned int)channel_features_agreed());
}

const struct verb verbs_of_channel[] = {
	{ "say", say },	    { "flood", flood },	      { "direct", direct },
	{ "heard", heard }, { "features", features }, { "personality", personality },
	{ "range", range }, { "channel", channel },   { "counters", counters },
	{ NULL, NULL },
};
