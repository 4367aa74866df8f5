/* SPDX-License-Identifier: MIT */
/*
 * Messages between the firmware's endpoints and Linux. Sending waits for room and never loses a
 * message. Messages that arrive in the meantime are taken from the ring. So the two sides never
 * wait for each other.
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
/* Whatever arrives here is sent on the channel as it is. So Linux can ask for a transfer. */
#define ENDPOINT_RELAY 0x403u

/* Whether there is a Linux that wants us neither to stop nor to let go. */
bool link_alive(void);

/* Start again with the rings of a Linux that has just started. */
void link_start(void);

/* Without waiting; false if there is no room. */
bool link_try_send(uint32_t from, uint32_t to, const void *payload, size_t length);

/* Waits for room. False only if the link has ended; the caller unwinds to the main loop. */
bool link_send(uint32_t from, uint32_t to, const void *payload, size_t length);

/* Hand out what has come in. Returns whether there was anything. For the main loop only. */
bool link_receive(void);

/*
 * To be called often during long work. Messages for the service are handed out. Others are kept for
 * link_receive(). Returns link_alive().
 */
bool link_breathe(void);

/*
 * Sleep until something happens or @until_us. Returns at once for a while after each message: Linux
 * often has several to send, and rings no doorbell while this core is awake.
 */
void link_sleep(uint64_t until_us);

/*
 * Take no message from Linux's ring until this time. PLATFORM_FOREVER: never again; 0: take them
 * now.
 */
void link_mute(uint64_t until_us);

/* Take none until this word of a buffer is not 0. So Linux decides when, and not a clock. */
void link_mute_by(const volatile uint32_t *word);

/* Ask for doorbells but do not answer them until this word is not 0. Messages are still taken. */
void link_ignore_by(const volatile uint32_t *word);

/* When a mute ends, for the main loop's sleep; PLATFORM_FOREVER if there is none. */
uint64_t link_mute_end(void);

#endif
