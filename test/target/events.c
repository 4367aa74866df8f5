// SPDX-License-Identifier: MIT
/* eventfd and poll. */
#include "verb.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void make_eventfd(struct answer *answer, const struct argument *arguments, size_t count)
{
	int fd = eventfd((unsigned int)arguments[0].number,
			 count > 1 ? (int)arguments[1].number : 0);

	if (fd < 0)
		answer_errno(answer, errno);
	else
		answer_number(answer, "fd", fd);
}

static void read_eventfd(struct answer *answer, const struct argument *arguments, size_t count)
{
	uint64_t value;

	(void)count;
	if (read((int)arguments[0].number, &value, sizeof(value)) < 0)
		answer_errno(answer, errno);
	else
		answer_number(answer, "value", (int64_t)value);
}

static void wait_ready(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct pollfd files[ARGUMENTS_MAX / 2];
	nfds_t used = 0;
	int ready;

	if (count < 3 || count % 2 == 0) {
		answer_error(answer, "usage: poll MILLISECONDS FD EVENTS [FD EVENTS]…");
		return;
	}
	for (size_t i = 1; i < count; i += 2, used++) {
		files[used].fd = (int)arguments[i].number;
		files[used].events = (short)arguments[i + 1].number;
		files[used].revents = 0;
	}
	ready = poll(files, used, (int)arguments[0].number);
	if (ready < 0) {
		answer_errno(answer, errno);
		return;
	}
	answer_number(answer, "ready", ready);
	for (nfds_t i = 0; i < used; i++) {
		char key[16];

		snprintf(key, sizeof(key), "events%lu", (unsigned long)i);
		answer_number(answer, key, files[i].revents);
	}
}

const struct verb event_verbs[] = {
	{ "eventfd", "n?n", "INITIAL [FLAGS]", make_eventfd },
	{ "read-eventfd", "n", "FD", read_eventfd },
	{ "poll", "nn*", "MILLISECONDS FD EVENTS [FD EVENTS]…", wait_ready },
	{ 0 },
};
