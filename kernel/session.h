/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_SESSION_H
#define RPMSG_SDB_SESSION_H

#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "channel.h"

struct eventfd_ctx;
struct sdb_buffer;

/**
 * struct sdb_session - one open file
 * @channel: with a reference
 * @inbox: what the channel sees of the session
 * @exclusive: opened with O_EXCL. Constant
 * @mapping: the file's own. So what mapping.c does to private mappings concerns
 *	     no other file
 *
 * @read_lock: who holds it takes transfers, copies them, and gives back those that
 *	       could not be copied. Who frees a buffer holds it too, since no
 *	       transfer of the buffer must be on its way then. Held while copying to
 *	       user space
 * @lock: protects what follows. Taken with mmap_lock held, so nothing is copied
 *	  from or to user space under it
 * @ids: numbers in use
 * @buffers: by number. Each entry has the session's reference of the buffer
 * @count: of @buffers
 * @bytes: in @buffers
 *
 * The file has the only reference. Buffers that outlive the session (in mappings)
 * no longer point to it.
 */
struct sdb_session {
	struct sdb_channel *channel;
	struct sdb_inbox inbox;
	bool exclusive;
	struct address_space mapping;

	struct mutex read_lock; /* see above */
	struct mutex lock;	/* see above */
	struct ida ids;
	struct xarray buffers;
	unsigned int count;
	u64 bytes;
};

/*
 * A new session of a channel, or an error pointer: -ENOMEM; -ENODEV the channel is
 * gone; -EBUSY somebody wants to be alone.
 */
struct sdb_session *sdb_session_create(struct sdb_channel *channel, bool exclusive);

/* Drop all buffers and end the session. May sleep. */
void sdb_session_destroy(struct sdb_session *session);

/*
 * The functions that follow are called with session->lock held, except for
 * sdb_session_set_eventfd().
 *
 * sdb_session_prepare() makes a new buffer under the lowest free number. Nobody
 * finds it until it is published, or cancelled. Returns an error pointer: -ENODEV,
 * -EDQUOT, -ENOMEM, or -EINVAL if @size is too large.
 */
struct sdb_buffer *sdb_session_prepare(struct sdb_session *session, size_t size, u32 flags);

/* The same for a dma-buf. Also the errors of sdb_buffer_import(). */
struct sdb_buffer *sdb_session_prepare_import(struct sdb_session *session, int fd);

void sdb_session_publish(struct sdb_session *session, struct sdb_buffer *buffer);
void sdb_session_cancel(struct sdb_session *session, struct sdb_buffer *buffer);

/* Drop a published buffer, and free its number. */
void sdb_session_drop(struct sdb_session *session, struct sdb_buffer *buffer);

/* Takes over the reference of the eventfd. 0, -ENODEV or -ENOMEM. */
int sdb_session_set_eventfd(struct sdb_session *session, u32 id, struct eventfd_ctx *eventfd);

/* Offsets of mmap(): 0 allocates, and N + 1 pages is buffer N. */
static inline u64 sdb_session_offset(u32 id)
{
	return ((u64)id + 1) << PAGE_SHIFT;
}

#endif /* RPMSG_SDB_SESSION_H */
