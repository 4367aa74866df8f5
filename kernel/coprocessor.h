/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_COPROCESSOR_H
#define RPMSG_SDB_COPROCESSOR_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/remoteproc.h>
#include <linux/workqueue.h>

struct attribute_group;
struct device;
struct platform_device;
struct rpmsg_device;

/**
 * struct sdb_coprocessor - what outlives a channel: the memory that a coprocessor knows
 * @refs: held by each channel, each buffer, and each work item that is queued
 * @link: in the list of coprocessors that a channel may join, under its lock
 * @channels: that joined and did not leave, under the same lock
 * @rproc: the remote processor, with a reference on its device. NULL when the
 *	   channel does not come from remoteproc: nothing then ever tells that
 *	   the coprocessor has stopped. And NULL when it has, and no channel is
 *	   left: files that stay open do not keep it
 * @subdev: tells when @rproc stops; in its list while @watching
 * @watching: @subdev is in the list; under rproc->lock
 * @attach_work: puts @subdev into @rproc's list, which needs rproc->lock
 * @ended_work: finds out whether a life that ended was a stop, needs rproc->lock
 * @release_work: takes @subdev out again and frees this
 * @memory: device that buffers are allocated from
 * @has_region: it has a region of its own in the device tree, and buffers come from nowhere
 *	        else. Constant
 * @life: counts the times the coprocessor was let go of by remoteproc. Written
 *	  with rproc->lock and @lock held; a channel belongs to one life
 * @peer: RPMSG_SDB_PEER_… it said last in this life, on whichever channel
 * @lock: protects what follows, and nests inside a session's lock. Never taken
 *	  around rproc->lock: remoteproc calls us with that one held
 * @ended: lives below this one are over: the coprocessor was reset after them
 * @state_before: rproc->state when the newest life ended
 * @retired: buffers nobody owns that the coprocessor may still write to
 * @buffers: buffers that have memory, retired ones included
 * @bytes: the memory of all of them
 * @retired_buffers: length of @retired
 * @retired_bytes: the memory in @retired
 */
struct sdb_coprocessor {
	struct kref refs;
	struct list_head link;
	unsigned int channels;
	struct rproc *rproc;
	struct rproc_subdev subdev;
	bool watching;
	struct work_struct attach_work;
	struct work_struct ended_work;
	struct work_struct release_work;
	struct platform_device *memory;
	bool has_region;
	u32 life;
	u32 peer;

	struct mutex lock; /* see above */
	u32 ended;
	enum rproc_state state_before;
	struct list_head retired;
	unsigned int buffers;
	u64 bytes;
	unsigned int retired_buffers;
	u64 retired_bytes;
};

int sdb_coprocessors_init(void);
void sdb_coprocessors_exit(void);

/* The coprocessor behind a new channel's rpmsg device, with a reference, or an error pointer. */
struct sdb_coprocessor *sdb_coprocessor_join(struct rpmsg_device *rpdev);

/* The channel goes. Its reference stays until its last file is closed. */
void sdb_coprocessor_leave(struct sdb_coprocessor *coprocessor);

void sdb_coprocessor_put(struct sdb_coprocessor *coprocessor);

/* What the coprocessor said it understands, for channels of the same life that come later. */
static inline void sdb_coprocessor_said(struct sdb_coprocessor *coprocessor, u32 peer)
{
	WRITE_ONCE(coprocessor->peer, peer);
}

static inline u32 sdb_coprocessor_peer(struct sdb_coprocessor *coprocessor)
{
	return READ_ONCE(coprocessor->peer);
}

extern const struct attribute_group sdb_memory_group;

struct device *sdb_coprocessor_memory(struct sdb_coprocessor *coprocessor);

#endif /* RPMSG_SDB_COPROCESSOR_H */
