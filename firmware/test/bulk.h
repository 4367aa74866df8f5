/* SPDX-License-Identifier: MIT */
/* Many equal messages as fast as the ring takes them: `direct` and `flood`. One at a time. */
#ifndef BULK_H
#define BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Start sending @count messages from endpoint @from to @to; @client is told at the end. The
 * payload is copied. False if an earlier one is still going on.
 */
bool bulk_start(uint32_t client, uint32_t from, uint32_t to, uint32_t count, const void *payload,
		size_t length);
void bulk_stop(void);

/* Like bulk_stop(), for when there is nobody to tell any more. */
void bulk_abandon(void);

/* Returns whether anything was done. */
bool bulk_poll(void);

#endif
