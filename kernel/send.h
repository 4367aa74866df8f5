/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_SEND_H
#define RPMSG_SDB_SEND_H

#include <linux/types.h>

struct sdb_buffer;
struct sdb_channel;

/* What this driver says it understands, to a coprocessor that says so first: RPMSG_SDB_PEER_… */
#define SDB_FEATURES 0x7

void sdb_send_init(struct sdb_channel *channel);

/* Nothing is sent from now on. May sleep. */
void sdb_send_stop(struct sdb_channel *channel);

/*
 * Queue the announcement of a buffer, and send what the ring takes. Nothing
 * happens when the channel is gone.
 */
void sdb_send_announcement(struct sdb_channel *channel, struct sdb_buffer *buffer);

/*
 * Queue a transfer of a buffer, to be sent by sdb_send_queued(). Returns
 * -EAGAIN while an earlier one of the same buffer is still queued, -EIO when
 * the buffer could not be announced, -ENODEV when the channel is gone.
 */
int sdb_send_transfer(struct sdb_channel *channel, struct sdb_buffer *buffer, u32 length);

/* Queue the withdrawal of a buffer and send what the ring takes. With send_lock held. */
void sdb_send_withdrawal(struct sdb_channel *channel, struct sdb_buffer *buffer);

/* Send what is queued, as far as the ring takes it. */
void sdb_send_queued(struct sdb_channel *channel);

/* Forget what is queued for a buffer. */
void sdb_send_cancel(struct sdb_channel *channel, struct sdb_buffer *buffer);

#endif /* RPMSG_SDB_SEND_H */
