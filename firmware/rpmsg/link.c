// SPDX-License-Identifier: MIT
#include "link.h"

#include "channel.h"
#include "platform.h"
#include "test_endpoint.h"

/*
 * Messages that are kept while an endpoint's work waits for something. More stay in Linux's ring.
 */
#define BACKLOG_SIZE 32

static struct rpmsg_message backlog[BACKLOG_SIZE];
static uint32_t backlog_first, backlog_count;
static uint64_t muted_until;
static const volatile uint32_t *muted_by;

/* While this word is 0, doorbells are asked for and not answered. */
static const volatile uint32_t *ignoring_by;

/* How often to look at the word that ends a mute. */
#define MUTE_POLL_US 1000

/*
 * A doorbell costs Linux more than its message, and messages come in bursts. So doorbells are asked
 * for only when Linux has been quiet for this long.
 */
#define AWAKE_US 100

static uint64_t last_heard_us;

bool link_alive(void)
{
	return rpmsg_up() && !platform_shutdown_requested() && !platform_detach_requested();
}

void link_start(void)
{
	backlog_count = 0;
	link_mute(0);
	link_ignore_by(NULL);
	rpmsg_start();
}

void link_mute(uint64_t until_us)
{
	muted_until = until_us;
	muted_by = NULL;
}

void link_mute_by(const volatile uint32_t *word)
{
	link_mute(PLATFORM_FOREVER);
	muted_by = word;
}

void link_ignore_by(const volatile uint32_t *word)
{
	ignoring_by = word;
	platform_listen(!word);
}

uint64_t link_mute_end(void)
{
	if (muted_by)
		return platform_time_us() + MUTE_POLL_US;
	return muted_until ? muted_until : PLATFORM_FOREVER;
}

static bool link_muted(void)
{
	if (muted_by && *muted_by)
		link_mute(0);
	if (muted_until && muted_until != PLATFORM_FOREVER && platform_time_us() >= muted_until)
		muted_until = 0;
	return muted_until != 0;
}

bool link_try_send(uint32_t from, uint32_t to, const void *payload, size_t length)
{
	return link_alive() && rpmsg_send(from, to, payload, length);
}

/* Whenever Linux gives a buffer back, it rings a doorbell. The time is for safety only. */
#define ROOM_POLL_US 100000

bool link_send(uint32_t from, uint32_t to, const void *payload, size_t length)
{
	while (link_breathe()) {
		if (rpmsg_send(from, to, payload, length))
			return true;
		link_sleep(platform_time_us() + ROOM_POLL_US);
	}
	return false;
}

void link_sleep(uint64_t until_us)
{
	bool listening = !link_muted() && backlog_count < BACKLOG_SIZE;
	uint32_t to;

	if (ignoring_by && *ignoring_by)
		link_ignore_by(NULL);
	if (ignoring_by) {
		rpmsg_want_doorbell(true);
		return;
	}
	if (!link_alive() || platform_time_us() - last_heard_us < AWAKE_US)
		return;
	if (listening) {
		rpmsg_want_doorbell(true);
		if (!rpmsg_peek(&to))
			platform_wait(until_us);
		if (link_alive())
			rpmsg_want_doorbell(false);
	} else {
		platform_wait(until_us);
	}
}

/* The message must not be on the stack twice: it is large, and endpoints call link_breathe(). */
static struct rpmsg_message incoming;

/*
 * The service and its log never wait for room in the other ring. So they can be called at any time,
 * even in the middle of the test endpoint's work.
 */
bool link_breathe(void)
{
	uint32_t to;

	while (link_alive() && !link_muted() && rpmsg_peek(&to)) {
		if (to != ENDPOINT_SDB) {
			uint32_t last = (backlog_first + backlog_count) % BACKLOG_SIZE;

			if (backlog_count == BACKLOG_SIZE)
				break;
			last_heard_us = platform_time_us();
			if (rpmsg_receive(&backlog[last]))
				backlog_count++;
			continue;
		}
		last_heard_us = platform_time_us();
		if (rpmsg_receive(&incoming))
			channel_receive(incoming.source, incoming.payload, incoming.length);
	}
	return link_alive();
}

static void hand_out(const struct rpmsg_message *message)
{
	if (message->destination == ENDPOINT_TEST)
		test_endpoint_receive(message->source, message->payload, message->length);
	else if (message->destination == ENDPOINT_ECHO)
		link_send(ENDPOINT_ECHO, message->source, message->payload, message->length);
	else if (message->destination == ENDPOINT_RELAY && channel_has_peer())
		channel_say(message->payload, message->length);
}

bool link_receive(void)
{
	static struct rpmsg_message current;
	bool any = false;

	while (link_breathe() && backlog_count) {
		/* It is copied, because its place is used again while the message is worked on. */
		current = backlog[backlog_first];
		backlog_first = (backlog_first + 1) % BACKLOG_SIZE;
		backlog_count--;
		any = true;
		hand_out(&current);
	}
	return any;
}
