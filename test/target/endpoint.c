// SPDX-License-Identifier: MIT
/* One request to the test firmware over an endpoint that is kept for the next. */
#include "coprocessor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "rpmsg_endpoint.h"

#define ENDPOINT_NAME "sdb-test"
#define RETRY_US      5000

static pthread_mutex_t endpoint_lock = PTHREAD_MUTEX_INITIALIZER;
/* under endpoint_lock; -1: none */
static int endpoint = -1;

static void drop_endpoint(void)
{
	if (endpoint >= 0)
		close(endpoint);
	endpoint = -1;
}

/* Not answered: the endpoint of an earlier life of the coprocessor, or one that no longer takes messages. */
static bool send_request(const char *request, size_t length, int64_t until)
{
	for (;;) {
		if (endpoint < 0)
			endpoint = rpmsg_endpoint_open(ENDPOINT_NAME, ENDPOINT_TEST);
		if (endpoint >= 0) {
			if (write(endpoint, request, length) == (ssize_t)length)
				return true;
			/* a full ring: later; anything else: a new endpoint */
			if (errno != EAGAIN && errno != ENOMEM)
				drop_endpoint();
		}
		if (monotonic_us() >= until) {
			errno = endpoint < 0 ? ENODEV : EAGAIN;
			return false;
		}
		usleep(RETRY_US);
	}
}

static bool starts_with(const char *bytes, size_t length, const char *word)
{
	return length >= strlen(word) && !memcmp(bytes, word, strlen(word));
}

static enum coprocessor_outcome take_replies(int64_t until, coprocessor_reply reply, void *context)
{
	for (;;) {
		struct pollfd wait = { .fd = endpoint, .events = POLLIN };
		int64_t left = (until - monotonic_us()) / 1000;
		char bytes[COPROCESSOR_MESSAGE_MAX + 16];
		ssize_t length;

		if (left < 0 || poll(&wait, 1, (int)left + 1) == 0) {
			errno = ETIMEDOUT;
			break;
		}
		length = read(endpoint, bytes, sizeof(bytes));
		if (length < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (length <= 0) {
			errno = EPIPE;
			break;
		}
		reply(context, bytes, (size_t)length);
		if (starts_with(bytes, (size_t)length, "ok"))
			return COPROCESSOR_OK;
		if (starts_with(bytes, (size_t)length, "error"))
			return COPROCESSOR_REFUSED;
	}
	/* a late answer must not be taken for the next request's */
	int error = errno;

	drop_endpoint();
	errno = error;
	return COPROCESSOR_UNREACHABLE;
}

enum coprocessor_outcome coprocessor_request(const char *request, size_t length, int timeout_ms,
					     coprocessor_reply reply, void *context)
{
	int64_t until = monotonic_us() + (int64_t)timeout_ms * 1000;
	enum coprocessor_outcome outcome = COPROCESSOR_UNREACHABLE;

	pthread_mutex_lock(&endpoint_lock);
	if (length > COPROCESSOR_MESSAGE_MAX)
		errno = EMSGSIZE;
	else if (send_request(request, length, until))
		outcome = take_replies(until, reply, context);
	pthread_mutex_unlock(&endpoint_lock);
	return outcome;
}

void coprocessor_close(void)
{
	pthread_mutex_lock(&endpoint_lock);
	drop_endpoint();
	pthread_mutex_unlock(&endpoint_lock);
}

void coprocessor_forget(void)
{
	pthread_mutex_init(&endpoint_lock, NULL);
	if (endpoint >= 0)
		close(endpoint);
	endpoint = -1;
}
