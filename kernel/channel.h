/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_CHANNEL_H
#define RPMSG_SDB_CHANNEL_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "drop.h"

struct rpmsg_device;
struct sdb_buffer;
struct sdb_coprocessor;

/* What a virtio rpmsg message carries. Not every kernel has rpmsg_get_mtu(). */
#define SDB_PAYLOAD_MAX 496

/* What this driver says it understands, to a coprocessor that says so first: RPMSG_SDB_PEER_… */
#define SDB_FEATURES 0x7

/**
 * struct sdb_channel - one rpmsg-sdb-channel, from probe() until the last file is closed
 * @dev: the class device. Its reference count is the channel's: held by the
 *	 rpmsg driver until remove(), and by each session
 * @cdev: /dev/rpmsg_sdb
 * @minor: of @cdev; free for others from remove() on
 * @coprocessor: with a reference
 * @life: coprocessor->life when the channel came. The channel ends before the life does
 *
 * @send_lock: a mutex, since rpmsg_trysend() takes one. Protects:
 * @rpdev: the way to the coprocessor. NULL when the channel is gone
 * @send_queue: buffers that have something to send, in order
 * @payload: the message that is being made. It is not on the stack, which some
 *	     kernels zero each time, for records of some 20 bytes
 * @withdrawn: buffers without an owner that the coprocessor was asked to let go.
 *	       The list has their reference, and each of them holds the module
 * @send_delay: jiffies until the next try at a full ring
 * @send_work: the next try
 * @settle_work: lets go what is in @withdrawn and was confirmed
 * @must_say_features: the answer to the coprocessor's features is to be sent.
 *		       The callback sets it without send_lock
 * @full: the ring did not take all of @send_queue. Sessions read it without
 *	  send_lock, and then wait in their inbox
 *
 * @delivery_lock: a spinlock, since some transports call back in interrupts. It
 *		   also protects inboxes, and the delivery state of buffers. Protects:
 * @by_index: buffers by their index on the channel. Sessions write it without
 *	      the lock. Who uses what it found there holds the lock
 * @inboxes: of open files
 * @gone: there is no coprocessor behind it any more
 * @peer: RPMSG_SDB_PEER_… that the coprocessor said and this driver knows
 * @peer_spoke: it said something, and was answered
 * @confirms: a transfer of length 0 confirms a withdrawal and is never data. The
 *	      coprocessor said so, here or on an earlier channel of this life
 * @transfers: number of transfers that were delivered
 * @missed: number of transfers that were replaced before anybody took them
 * @drops: number of dropped records, by reason
 * @unsent: number of times that a buffer's messages could not be sent
 */
struct sdb_channel {
	struct device dev;
	struct cdev cdev;
	int minor;
	struct sdb_coprocessor *coprocessor;
	u32 life;

	struct mutex send_lock; /* see above */
	struct rpmsg_device *rpdev;
	struct list_head send_queue;
	char payload[SDB_PAYLOAD_MAX];
	struct list_head withdrawn;
	unsigned long send_delay;
	struct delayed_work send_work;
	struct work_struct settle_work;
	bool must_say_features;
	bool full;

	spinlock_t delivery_lock; /* see above */
	struct xarray by_index;
	struct list_head inboxes;
	bool gone;
	u32 peer;
	bool peer_spoke;
	bool confirms;
	u64 transfers;
	u64 missed;
	u64 drops[SDB_DROPS];
	u64 unsent;
};

/**
 * struct sdb_inbox - what a channel sees of a session
 * @link: in channel->inboxes, under the channel's delivery_lock, like:
 * @pending: buffers with a transfer that was not taken, oldest first
 * @waiters: wait for @pending, for room to write, and for the channel to go
 * @eventfds: of buffers that are not there yet, by the session's number of the
 *	      buffer, with a reference. The session writes it without the lock.
 *	      The channel reads it with the lock, when it goes
 */
struct sdb_inbox {
	struct list_head link;
	struct list_head pending;
	wait_queue_head_t waiters;
	struct xarray eventfds;
};

/*
 * Wait until nobody who holds delivery_lock uses what was taken out of by_index,
 * or out of an inbox, before this call. May sleep.
 */
void sdb_channel_settle(struct sdb_channel *channel);

/* Free the index of a buffer that has no owner, and drop the owner's reference. May sleep. */
void sdb_channel_forget(struct sdb_channel *channel, struct sdb_buffer *buffer);

/* The channel goes: wake who waits in any inbox. Later calls answer -ENODEV. */
void sdb_channel_hang_up(struct sdb_channel *channel);

#endif /* RPMSG_SDB_CHANNEL_H */
