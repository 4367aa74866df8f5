/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_WITHDRAWAL_H
#define RPMSG_SDB_WITHDRAWAL_H

#include <linux/types.h>

struct sdb_buffer;
struct sdb_channel;

void sdb_withdrawal_init(struct sdb_channel *channel);

/* The channel goes, and nobody will confirm. Retire what was withdrawn. May sleep. */
void sdb_withdrawal_stop(struct sdb_channel *channel);

/*
 * Withdraw a buffer that its owner dropped: ask the coprocessor to let it go. The
 * channel takes over the owner's reference until the coprocessor confirms. The
 * buffer must be in channel->by_index, and nothing of it may be queued. Returns
 * false, and does nothing, if the coprocessor cannot be asked or never heard of it.
 */
bool sdb_withdraw(struct sdb_channel *channel, struct sdb_buffer *buffer);

/*
 * Recall the withdrawn buffer of this size and kind that has the lowest index
 * below @below. It is zeroed, and comes with its reference and its index. NULL if
 * there is none.
 */
struct sdb_buffer *sdb_withdrawal_recall(struct sdb_channel *channel, u32 below, size_t size,
					 u32 flags);

#endif /* RPMSG_SDB_WITHDRAWAL_H */
