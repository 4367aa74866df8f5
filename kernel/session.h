/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_SESSION_H
#define RPMSG_SDB_SESSION_H

#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/xarray.h>

struct eventfd_ctx;
struct file;
struct rpmsg_sdb_ioctl_get_data_size;
struct sdb_buffer;
struct sdb_channel;
struct vm_area_struct;

/**
 * struct sdb_session - one open file
 * @channel: with a reference
 * @exclusive: opened with O_EXCL. Constant
 * @mapping: the file's own, so that what buffer.c does to private mappings is
 *	     nobody else's business
 * @link: in channel->sessions, under the channel's delivery_lock, like:
 * @pending: buffers with a transfer that was not taken, oldest first
 * @waiters: wait for @pending, for room to write, and for the channel to go
 *
 * @read_lock: one at a time takes transfers and copies them, and gives back
 *	       those that could not be copied. Also held to free a buffer, whose
 *	       transfers must not outlive it. Outermost: held while copying to
 *	       user space
 * @lock: protects what follows. Taken with mmap_lock held, so that nothing is
 *	  copied from or to user space under it
 * @ids: numbers in use
 * @buffers: by number. Each holds the session's reference of the buffer
 * @waiting: eventfds by the number of a buffer that is not there yet, with a
 *	     reference. Read with delivery_lock when the channel goes
 * @count: of @buffers
 * @bytes: in @buffers
 *
 * Its lifetime is the file's: the file has the only reference. Buffers that
 * outlive it (mappings) no longer point to it.
 */
struct sdb_session {
	struct sdb_channel *channel;
	bool exclusive;
	struct address_space mapping;
	struct list_head link;
	struct list_head pending;
	wait_queue_head_t waiters;

	struct mutex read_lock; /* see above */
	struct mutex lock;	/* see above */
	struct ida ids;
	struct xarray buffers;
	struct xarray waiting;
	unsigned int count;
	u64 bytes;
};

extern const struct file_operations sdb_session_fops;

/* The channel goes: wake whoever waits in any session. Later calls answer -ENODEV. May sleep. */
void sdb_sessions_hang_up(struct sdb_channel *channel);

/* ---- ownership.c: which buffers a session has. With session->lock held, but for the last. ---- */

/*
 * A new buffer under the lowest free number, which nobody finds yet, or an error
 * pointer: -ENODEV, -EDQUOT, -ENOMEM, -EINVAL too large. To be published or
 * cancelled.
 */
struct sdb_buffer *sdb_session_prepare(struct sdb_session *session, size_t size, u32 flags);

/* The same for a dma-buf. Also -EBADF, -EINVAL: see sdb_buffer_import(). */
struct sdb_buffer *sdb_session_prepare_import(struct sdb_session *session, int fd);

void sdb_session_publish(struct sdb_session *session, struct sdb_buffer *buffer);
void sdb_session_cancel(struct sdb_session *session, struct sdb_buffer *buffer);

/* Let go of a published buffer, and of its number. */
void sdb_session_drop(struct sdb_session *session, struct sdb_buffer *buffer);
void sdb_session_drop_all(struct sdb_session *session);

/* Takes over the reference of the eventfd. 0, -ENODEV or -ENOMEM. */
int sdb_session_set_eventfd(struct sdb_session *session, u32 id, struct eventfd_ctx *eventfd);

/* ---- ioctl.c ---- */

long sdb_session_ioctl(struct file *file, unsigned int command, unsigned long argument);

/* ---- transfer.c: records ---- */

/* Version 1's: the newest transfer's length, once. 0, -EFAULT, -EINVAL or -ERESTARTSYS. */
int sdb_session_get_data_size(struct sdb_session *session,
			      struct rpmsg_sdb_ioctl_get_data_size __user *argument);

ssize_t sdb_session_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t sdb_session_write(struct kiocb *iocb, struct iov_iter *from);

/* mmap() offsets: 0 allocates, N + 1 pages is buffer N. */
static inline u64 sdb_session_offset(u32 id)
{
	return ((u64)id + 1) << PAGE_SHIFT;
}

#endif /* RPMSG_SDB_SESSION_H */
