/* SPDX-License-Identifier: MIT */
/*
 * RPMsg over the two vrings that Linux's remoteproc set up: the device side of virtio, split
 * rings without event index (virtio 1.2, chapter 2.7). Nothing here waits.
 */
#ifndef RPMSG_H
#define RPMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdb_service.h"

/* One message, copied out of the ring: Linux may write to its own copy at any time. */
struct rpmsg_message {
	uint32_t source;
	uint32_t destination;
	uint32_t length;
	uint8_t payload[SDB_PAYLOAD_MAX];
};

/* Whether Linux's driver is there (DRIVER_OK). Only then the rings may be touched. */
bool rpmsg_up(void);

/* Read the places of the rings from the resource table, once after each DRIVER_OK. */
void rpmsg_start(void);

/* Whether Linux rings the doorbell for each message; after true, look at the ring once more. */
void rpmsg_want_doorbell(bool wanted);

/* The destination of the next message, which is not taken; false if there is none. */
bool rpmsg_peek(uint32_t *destination);

/* Take the next message, and give its buffer back to Linux; false if there is none. */
bool rpmsg_receive(struct rpmsg_message *message);

/* False if Linux has left no empty buffer. Then Linux rings the doorbell when it gives one back. */
bool rpmsg_send(uint32_t source, uint32_t destination, const void *payload, size_t length);

/* Tell Linux that a channel of this name and address exists, or that it no longer does. */
bool rpmsg_name_service(const char *name, uint32_t address, bool exists);

/* Messages that were longer than their buffer, and buffers too small for a header. */
uint32_t rpmsg_damaged(void);

#endif
