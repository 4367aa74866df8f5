/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_COPROCESSOR_H
#define RPMSG_SDB_COPROCESSOR_H

#include <linux/list.h>
#include <linux/remoteproc.h>
#include <linux/workqueue.h>

#include "pool.h"

struct rpmsg_device;

/**
 * struct sdb_coprocessor - what outlives a channel: the memory that a coprocessor knows
 * @pool: of its buffers. Its reference count is the coprocessor's
 * @link: in the list of coprocessors that a channel may join, under its lock
 * @channels: that joined and did not leave, under the same lock
 * @rproc: the remote processor, with a reference on its device. NULL when the
 *	   channel does not come from remoteproc: nothing then ever tells that the
 *	   coprocessor was stopped. NULL also when it was stopped and no channel is
 *	   left: files that stay open do not keep the remote processor
 * @subdev: tells when @rproc stops; in its list while @watching
 * @watching: @subdev is in the list; under rproc->lock
 * @attach_work: puts @subdev into @rproc's list, which needs rproc->lock
 * @ended_work: finds out whether a life that ended was a stop, needs rproc->lock
 * @release_work: takes @subdev out again and frees this
 * @life: number of times that remoteproc let the coprocessor go. Written with
 *	  rproc->lock held; a channel belongs to one life
 * @state_before: rproc->state when the newest life ended; under rproc->lock
 * @peer: RPMSG_SDB_PEER_… it said last in this life, on whichever channel
 */
struct sdb_coprocessor {
	struct sdb_pool pool;
	struct list_head link;
	unsigned int channels;
	struct rproc *rproc;
	struct rproc_subdev subdev;
	bool watching;
	struct work_struct attach_work;
	struct work_struct ended_work;
	struct work_struct release_work;
	u32 life;
	enum rproc_state state_before;
	u32 peer;
};

int sdb_coprocessors_init(void);
void sdb_coprocessors_exit(void);

/* The coprocessor behind a new channel's rpmsg device, with a reference, or an error pointer. */
struct sdb_coprocessor *sdb_coprocessor_join(struct rpmsg_device *rpdev);

/* The channel goes. It keeps its reference until its last file is closed. */
void sdb_coprocessor_leave(struct sdb_coprocessor *coprocessor);

/* What the coprocessor said it understands, for later channels of the same life. */
static inline void sdb_coprocessor_said(struct sdb_coprocessor *coprocessor, u32 peer)
{
	WRITE_ONCE(coprocessor->peer, peer);
}

static inline u32 sdb_coprocessor_peer(struct sdb_coprocessor *coprocessor)
{
	return READ_ONCE(coprocessor->peer);
}

#endif /* RPMSG_SDB_COPROCESSOR_H */
