/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_WITHDRAWAL_H
#define RPMSG_SDB_WITHDRAWAL_H

#include <linux/types.h>

struct sdb_buffer;
struct sdb_channel;

void sdb_withdrawal_init(struct sdb_channel *channel);

/* The channel goes: nobody will confirm. What was withdrawn is retired. May sleep. */
void sdb_withdrawal_stop(struct sdb_channel *channel);

/*
 * Take over a buffer that its owner dropped, with the owner's reference, until
 * the coprocessor confirms. It is found by its index, and nothing of it is queued.
 * Returns false, and does nothing, if the coprocessor cannot be asked or never
 * heard of it.
 */
bool sdb_withdraw(struct sdb_channel *channel, struct sdb_buffer *buffer);

/*
 * A withdrawn buffer of this size and kind with an index below @below, zeroed,
 * with its reference and its index; NULL if there is none.
 */
struct sdb_buffer *sdb_withdrawal_recall(struct sdb_channel *channel, u32 below, size_t size,
					 u32 flags);

#endif /* RPMSG_SDB_WITHDRAWAL_H */
