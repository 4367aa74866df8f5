// SPDX-License-Identifier: MIT
#include "test_endpoint.h"

#include "bulk.h"
#include "channel.h"
#include "heard.h"
#include "link.h"
#include "memory.h"
#include "scribble.h"
#include "stream.h"

static void reply(uint32_t client, const char *kind, const char *format, va_list arguments)
{
	char line[SDB_PAYLOAD_MAX];
	struct text text;

	text_start(&text, line, sizeof(line));
	text_format(&text, "%s ", kind);
	text_vformat(&text, format, arguments);
	link_send(ENDPOINT_TEST, client, line, text.used);
}

void reply_done(uint32_t client)
{
	link_send(ENDPOINT_TEST, client, "ok", 2);
}

#define REPLY(kind) \
	do { \
		va_list arguments; \
		va_start(arguments, format); \
		reply(client, kind, format, arguments); \
		va_end(arguments); \
	} while (0)

void reply_ok(uint32_t client, const char *format, ...)
{
	REPLY("ok");
}

void reply_error(uint32_t client, const char *format, ...)
{
	REPLY("error");
}

void reply_line(uint32_t client, const char *format, ...)
{
	REPLY("+");
}

void test_endpoint_reset(void)
{
	stream_stop();
	bulk_stop();
	scribble_switch(false);
	channel_set_features(0);
	channel_set_personality(PERSONALITY_SERVICE);
	channel_reset_window();
	link_mute(0);
	link_ignore_by(NULL);
	heard_clear();
}

static const struct verb *find(const struct verb *verbs, struct words *words)
{
	for (; verbs->name; verbs++) {
		if (words_take(words, verbs->name))
			return verbs;
	}
	return NULL;
}

void test_endpoint_receive(uint32_t client, const uint8_t *payload, size_t length)
{
	static const struct verb *const groups[] = {
		verbs_of_buffers,
		verbs_of_channel,
		verbs_of_core,
	};
	struct request request = { client, { (const char *)payload, length } };
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		const struct verb *verb = find(groups[i], &request.words);

		if (verb) {
			verb->handle(&request);
			return;
		}
	}
	reply_error(client, "unknown request");
}
