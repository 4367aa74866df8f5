/* SPDX-License-Identifier: MIT */
/*
 * rpmsg-sdb-channel as the test firmware has it: the service, or ST's firmware in its place,
 * with a log of all that Linux said.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdb_service.h"

/* Indices 0 … 1023 can be registered. */
#define CHANNEL_BUFFERS 1024u

enum personality {
	PERSONALITY_SERVICE,
	PERSONALITY_ST,
};

/* Linux has come: announce the channel, nothing registered. */
void channel_start(void);

/* Announce the channel, or say that it is no more; the latter forgets all buffers. */
bool channel_exist(bool exists);

void channel_receive(uint32_t source, const uint8_t *payload, size_t length);

/* Send what is owed. Returns when to call it again at the latest. */
uint64_t channel_poll(void);

/* Whether Linux has sent anything. Only then its address is known. */
bool channel_has_peer(void);
uint32_t channel_peer(void);

/* These bytes to Linux, as they are. Waits for room; false if the link ended. */
bool channel_say(const void *payload, size_t length);
bool channel_try_say(const void *payload, size_t length);

/* Hand buffers to Linux as the personality does it, without waiting. */
size_t channel_transfer(const struct sdb_transfer *transfers, size_t count, enum sdb_status *why);

/* Address and announced length of a registered buffer; false if there is none. */
bool channel_buffer(uint32_t index, struct sdb_buffer *buffer);

/* The first registered index from @from on, going round; false if there is no buffer. */
bool channel_next(uint32_t from, uint32_t *index);

/* Bytes that the personality says it filled when asked for @length. */
uint32_t channel_fill_length(uint32_t length);

/*
 * Buffers that Linux handed over to be filled, oldest first. Taking one means that
 * it is going to be filled.
 */
bool channel_take_handed_over(uint32_t *index);

void channel_set_personality(enum personality personality);
enum personality channel_personality(void);
void channel_set_features(uint32_t features);
uint32_t channel_features_agreed(void);
/* First and last address. */
void channel_set_window(uint32_t first, uint32_t last);
void channel_reset_window(void);
bool channel_reachable(uint32_t address, uint32_t length);
const struct sdb_counters *channel_counters(void);

#endif
