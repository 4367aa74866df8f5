/* SPDX-License-Identifier: MIT */
/*
 * The channel as ST's example firmware has it, quirks included, as its users see it: own running
 * index, ten buffers, one message kept, always 1 MiB, nothing ever reset. Written from its
 * observed behaviour.
 */
#ifndef ST_PERSONALITY_H
#define ST_PERSONALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdb_service.h"

#define ST_FILL_LENGTH 0x100000u

/* As after a restart of the firmware. */
void st_personality_restart(void);

void st_personality_receive(const uint8_t *payload, size_t length);

/* Look at the message kept; when to call it again at the latest. */
uint64_t st_personality_poll(void);

bool st_personality_buffer(uint32_t index, struct sdb_buffer *buffer);
size_t st_personality_transfer(const struct sdb_transfer *transfers, size_t count,
			       enum sdb_status *why);

#endif
