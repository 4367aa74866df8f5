/* SPDX-License-Identifier: MIT */
/*
 * Log of the messages that Linux sent on rpmsg-sdb-channel. When it is full, the oldest are
 * dropped.
 */
#ifndef HEARD_H
#define HEARD_H

#include <stdint.h>
#include <stddef.h>

#include "sdb_service.h"

void heard_add(const uint8_t *payload, size_t length);

/*
 * Messages in the log, and those that were dropped since it was last cleared or this was last
 * called.
 */
uint32_t heard_count(void);
uint32_t heard_lost(void);

/* Take the oldest message out; its length. The log must not be empty. */
size_t heard_take(uint8_t payload[SDB_PAYLOAD_MAX]);

void heard_clear(void);

#endif
