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

struct rpmsg_device;
struct sdb_buffer;
struct sdb_coprocessor;

/* Why a record or a payload from the coprocessor was dropped. */
enum sdb_drop {
	SDB_DROP_NONE,
	SDB_DROP_MALFORMED,  /* not in the grammar, or empty */
	SDB_DROP_UNEXPECTED, /* an announcement, or a confirmation that nobody asked for */
	SDB_DROP_UNKNOWN,    /* no buffer of that index */
	SDB_DROP_LENGTH,     /* longer than the buffer */
	SDB_DROPS,
};

/* What a virtio rpmsg message carries; rpmsg_get_mtu() is not in each kernel. */
#define SDB_PAYLOAD_MAX 496

/**
 * struct sdb_channel - one rpmsg-sdb-channel, from probe() until the last file is closed
 * @dev: the class device. Its reference count is the channel's: held by the
 *	 rpmsg driver until remove(), and by each session
 * @cdev: /dev/rpmsg_sdb
 * @minor: of @cdev; free for others from remove() on
 * @coprocessor: with a reference
 * @life: coprocessor->life when the channel came; it ends before the life does
 *
 * @send_lock: a mutex, since rpmsg_trysend() takes one. Protects:
 * @rpdev: the way to the coprocessor, NULL when it is gone
 * @send_queue: buffers that have something to send, in order
 * @payload: of the message being made. Kernels that zero what is on the stack
 *	     would do so each time, for a record of some 20 bytes
 * @withdrawn: buffers without an owner that the coprocessor was asked to let go
 *	       of. The list has their reference, and each holds the module
 * @send_delay: jiffies until the next try at a full ring
 * @send_work: the next try
 * @settle_work: frees what is in @withdrawn and confirmed
 *
 * @delivery_lock: a spinlock, since other transports call back in interrupts.
 *		   Innermost. Protects sessions' and buffers' delivery state and:
 * @by_index: live buffers by their index on the channel. Written by their
 *	      sessions, without the lock; used with it
 * @sessions: open files
 * @gone: no coprocessor behind it any more
 * @peer: RPMSG_SDB_PEER_… that the coprocessor said and we know
 * @peer_spoke: it said something, and was answered
 * @confirms: a transfer of length 0 confirms a withdrawal and is never data: the
 *	      coprocessor said so, here or, in this life, on a channel before
 * @transfers: that were delivered
 * @missed: of them, overwritten before anybody took them
 * @drops: by reason
 * @must_say_features: the answer to the coprocessor's features is to be sent.
 *		       Set by the callback, without send_lock
 * @full: the ring did not take all of @send_queue. Written under send_lock, and
 *	  read without by those who then wait for their session's wake-up
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
	struct list_head sessions;
	bool gone;
	u32 peer;
	bool peer_spoke;
	bool confirms;
	u64 transfers;
	u64 missed;
	u64 drops[SDB_DROPS];
};

int sdb_channels_init(void);
void sdb_channels_exit(void);

/*
 * What was taken out of where callbacks and who hangs up look for it is used by
 * none of them any more when this returns.
 */
void sdb_channel_settle(struct sdb_channel *channel);

/* Free the index of a buffer that has no owner, and drop the owner's reference. May sleep. */
void sdb_channel_forget(struct sdb_channel *channel, struct sdb_buffer *buffer);

/* The endpoint's callback: see receive.c. */
int sdb_receive(struct rpmsg_device *rpdev, void *data, int size, void *priv, u32 source);

extern const struct attribute_group **sdb_channel_attributes;

#endif /* RPMSG_SDB_CHANNEL_H */
