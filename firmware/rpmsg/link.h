/* SPDX-License-Identifier: MIT */
/*
 * Messages between the firmware's endpoints and Linux. Sending waits for room and never loses a
 * message; what arrives in the meantime is taken from the ring, so that the two sides never wait
 * for each other.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpmsg.h"

#define ENDPOINT_SDB  0x400u
#define ENDPOINT_TEST 0x401u
#define ENDPOINT_ECHO 0x402u
/* What arrives here is said on the channel as it is: a transfer that Linux asks for. */
#define ENDPOINT_RELAY 0x403u

/* Is there a Linux to talk to, that does not want us to stop or let go? */
bool link_alive(void);

/* Start over with the rings of a Linux that has just come. */
void link_start(void);

/* Without waiting; false if there is no room. */
bool link_try_send(uint32_t from, uint32_t to, const void *payload, size_t length);

/* Waits for room. False only if the link has ended; the caller unwinds to the main loop. */
bool link_send(uint32_t from, uint32_t to, const void *payload, size_t length);

/* Hand out what has come in. Returns whether there was anything. For the main loop only. */
bool link_receive(void);

/*
 * To be called often during long work: messages for the service are handed out, others are put
 * by for link_receive(). Returns link_alive().
 */
bool link_breathe(void);

/*
 * Sleep until something happens or @until_us. Returns at once for a while after each message: Linux
 * often has several to send, and rings no doorbell while this core is awake.
 */
void link_sleep(uint64_t until_us);

/* Take no message from Linux's ring until then; PLATFORM_FOREVER for ever, 0 for not at all. */
void link_mute(uint64_t until_us);

/* Take none until this word of a buffer is not 0: Linux says when, and no clock does. */
void link_mute_by(const volatile uint32_t *word);

/* Leave doorbells unanswered, though asked for, until this word is not 0; messages are taken all the same. */
void link_ignore_by(const volatile uint32_t *word);

/* When a mute ends, for the main loop's sleep; PLATFORM_FOREVER if there is none. */
uint64_t link_mute_end(void);

#endif
