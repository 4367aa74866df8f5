/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_SEND_H
#define RPMSG_SDB_SEND_H

#include <linux/types.h>

struct sdb_buffer;
struct sdb_channel;

void sdb_send_init(struct sdb_channel *channel);

/* From now on nothing is sent. May sleep. */
void sdb_send_stop(struct sdb_channel *channel);

/*
 * Queue the announcement of a buffer, and send what the ring takes. Does nothing
 * when the channel is gone.
 */
void sdb_send_announcement(struct sdb_channel *channel, struct sdb_buffer *buffer);

/*
 * Queue a transfer of a buffer, which sdb_send_queued() then sends. Returns
 * -EAGAIN while an earlier transfer of the same buffer is still queued, -EIO if
 * the buffer could not be announced, and -ENODEV when the channel is gone.
 */
int sdb_send_transfer(struct sdb_channel *channel, struct sdb_buffer *buffer, u32 length);

/* Queue the withdrawal of a buffer, and send what the ring takes. With send_lock held. */
void sdb_send_withdrawal(struct sdb_channel *channel, struct sdb_buffer *buffer);

/* Send what is queued, as far as the ring takes it. */
void sdb_send_queued(struct sdb_channel *channel);

/* Take back what is queued for a buffer. */
void sdb_send_cancel(struct sdb_channel *channel, struct sdb_buffer *buffer);

#endif /* RPMSG_SDB_SEND_H */
