// SPDX-License-Identifier: MIT
/* Requests to the test firmware, as a verb of the serve loop and as a command. */
#include "coprocessor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb.h"

#define TIMEOUT_MS 5000

struct replies {
	struct answer *answer;
	/* payloads that are neither "+ …", "ok…" nor "error…": bulk data, counted only */
	size_t payloads, bytes;
};

static bool is_line(const char *bytes, size_t length)
{
	return (length >= 1 && bytes[0] == '+') || (length >= 2 && !memcmp(bytes, "ok", 2)) ||
	       (length >= 5 && !memcmp(bytes, "error", 5));
}

static void answer_reply(void *context, const char *bytes, size_t length)
{
	struct replies *replies = context;

	if (!is_line(bytes, length)) {
		replies->payloads++;
		replies->bytes += length;
		return;
	}
	if (bytes[0] == '+') {
		answer_string(replies->answer, "text", bytes + (length > 1 ? 2 : 1),
			      length > 1 ? length - 2 : 0);
		answer_part(replies->answer, "line");
	} else {
		answer_string(replies->answer, "reply", bytes, length);
	}
}

static void ask(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct replies replies = { .answer = answer };
	ssize_t length = unescape(arguments[1].text);

	(void)count;
	if (length < 0) {
		answer_error(answer, "only \\xNN and \\\\ are escapes");
		return;
	}
	switch (coprocessor_request(arguments[1].text, (size_t)length, (int)arguments[0].number,
				    answer_reply, &replies)) {
	case COPROCESSOR_OK:
		answer_number(answer, "payloads", (int64_t)replies.payloads);
		answer_number(answer, "bytes", (int64_t)replies.bytes);
		break;
	case COPROCESSOR_REFUSED:
		/* the reply says why */
		answer->failed = true;
		break;
	case COPROCESSOR_UNREACHABLE:
		answer_errno(answer, errno);
		break;
	}
}

static void release_endpoint(struct answer *answer, const struct argument *arguments, size_t count)
{
	(void)answer;
	(void)arguments;
	(void)count;
	coprocessor_close();
}

const struct verb coprocessor_verbs[] = {
	{ "coprocessor", "nt", "MILLISECONDS REQUEST (\\xNN escapes)", ask },
	{ "coprocessor-close", "", "", release_endpoint },
	{ 0 },
};

static void print_reply(void *context, const char *bytes, size_t length)
{
	(void)context;
	if (!is_line(bytes, length))
		return;
	if (bytes[0] == '+' && length > 1) {
		bytes += 2;
		length -= 2;
	}
	fwrite(bytes, 1, length, stdout);
	fputc('\n', stdout);
}

int coprocessor_main(int argc, char **argv)
{
	char request[4 * COPROCESSOR_MESSAGE_MAX + 1] = "";
	enum coprocessor_outcome outcome;
	ssize_t length;

	if (argc < 1) {
		fprintf(stderr,
			"usage: agent coprocessor REQUEST…   (firmware/README.md lists them; \\xNN escapes)\n");
		return 2;
	}
	for (int i = 0; i < argc; i++) {
		if (strlen(request) + strlen(argv[i]) + 2 > sizeof(request)) {
			fprintf(stderr, "agent: a request is at most %d bytes\n",
				COPROCESSOR_MESSAGE_MAX);
			return 2;
		}
		if (i)
			strcat(request, " ");
		strcat(request, argv[i]);
	}
	length = unescape(request);
	if (length < 0 || length > COPROCESSOR_MESSAGE_MAX) {
		fprintf(stderr,
			"agent: only \\xNN and \\\\ are escapes, and a request is at most %d bytes\n",
			COPROCESSOR_MESSAGE_MAX);
		return 2;
	}
	outcome = coprocessor_request(request, (size_t)length, TIMEOUT_MS, print_reply, NULL);
	if (outcome == COPROCESSOR_UNREACHABLE)
		fprintf(stderr,
			"agent: the test firmware does not answer (%s): is the coprocessor running it?\n",
			strerrorname_np(errno));
	coprocessor_close();
	return outcome == COPROCESSOR_OK ? 0 : 1;
}
