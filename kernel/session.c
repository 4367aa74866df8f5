// SPDX-License-Identifier: GPL-2.0-only
/*
 * One open file.
 */
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "large_pages.h"
#include "session.h"
#include "uapi/rpmsg_sdb.h"

/* Into the channel's list, unless it is gone or somebody wants to be alone. */
static int session_join(struct sdb_session *session)
{
	struct sdb_channel *channel = session->channel;
	struct sdb_session *other;
	int err = 0;

	spin_lock_irq(&channel->delivery_lock);
	other = list_first_entry_or_null(&channel->sessions, struct sdb_session, link);
	if (channel->gone)
		err = -ENODEV;
	else if (other && (session->exclusive || other->exclusive))
		err = -EBUSY;
	else
		list_add(&session->link, &channel->sessions);
	spin_unlock_irq(&channel->delivery_lock);
	return err;
}

static int session_open(struct inode *inode, struct file *file)
{
	struct sdb_channel *channel = container_of(inode->i_cdev, struct sdb_channel, cdev);
	struct sdb_session *session;
	int err;

	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return -ENOMEM;

	session->channel = channel;
	session->exclusive = file->f_flags & O_EXCL;
	INIT_LIST_HEAD(&session->pending);
	init_waitqueue_head(&session->waiters);
	mutex_init(&session->read_lock);
	mutex_init(&session->lock);
	ida_init(&session->ids);
	xa_init(&session->buffers);
	xa_init(&session->waiting);

	err = session_join(session);
	if (err) {
		kfree(session);
		return err;
	}
	get_device(&channel->dev);
	address_space_init_once(&session->mapping);
	session->mapping.host = inode;
	session->mapping.a_ops = inode->i_mapping->a_ops;
	file->f_mapping = &session->mapping;
	file->private_data = session;
	/* io_uring then polls and tries again, instead of parking a thread in here. */
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);
}

static int session_release(struct inode *inode, struct file *file)
{
	struct sdb_session *session = file->private_data;
	struct sdb_channel *channel = session->channel;

	mutex_lock(&session->lock);
	sdb_session_drop_all(session);
	mutex_unlock(&session->lock);

	spin_lock_irq(&channel->delivery_lock);
	list_del(&session->link);
	spin_unlock_irq(&channel->delivery_lock);

	put_device(&channel->dev);
	xa_destroy(&session->buffers);
	xa_destroy(&session->waiting);
	ida_destroy(&session->ids);
	mutex_destroy(&session->lock);
	mutex_destroy(&session->read_lock);
	kfree(session);
	return 0;
}

/*
 * At offset 0: a new buffer. It is announced from in here, and mmap() can still
 * fail after this, for want of a few bytes; the buffer then is the file's all
 * the same, as after munmap().
 */
static int map_new_buffer(struct sdb_session *session, struct vm_area_struct *vma)
{
	struct sdb_buffer *buffer;
	int err;

	buffer = sdb_session_prepare(session, vma->vm_end - vma->vm_start, 0);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);

	err = sdb_buffer_map(buffer, vma, 0);
	if (err)
		sdb_session_cancel(session, buffer);
	else
		sdb_session_publish(session, buffer);
	return err;
}

static int map_buffer(struct sdb_session *session, struct vm_area_struct *vma)
{
	struct sdb_buffer *buffer;

	if (READ_ONCE(session->channel->gone))
		return -ENODEV;
	buffer = xa_load(&session->buffers, vma->vm_pgoff - 1);
	return buffer ? sdb_buffer_map(buffer, vma, 0) : -EINVAL;
}

static int session_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct sdb_session *session = file->private_data;
	int err;

	mutex_lock(&session->lock);
	err = vma->vm_pgoff ? map_buffer(session, vma) : map_new_buffer(session, vma);
	mutex_unlock(&session->lock);
	return err;
}

#ifdef SDB_LARGE_PAGES
/*
 * Where mmap() puts a mapping without an address. A new buffer's memory is not
 * known yet; and mremap() asks with the place in the buffer for an offset, for
 * which any place will do.
 */
static unsigned long session_place(struct file *file, unsigned long hint, unsigned long length,
				   unsigned long offset, unsigned long flags)
{
	struct sdb_session *session = file->private_data;
	struct sdb_buffer *buffer = NULL;
	dma_addr_t address;

	/* It is taken out there before it goes. session->lock may be held for long. */
	xa_lock(&session->buffers);
	if (offset)
		buffer = xa_load(&session->buffers, offset - 1);
	address = buffer ? buffer->address : 0;
	xa_unlock(&session->buffers);
	return sdb_large_pages_place(file, address, hint, length, flags);
}
#endif

static __poll_t session_poll(struct file *file, poll_table *wait)
{
	struct sdb_session *session = file->private_data;
	struct sdb_channel *channel = session->channel;
	__poll_t events = 0;

	poll_wait(file, &session->waiters, wait);

	spin_lock_irq(&channel->delivery_lock);
	if (channel->gone)
		events = EPOLLHUP | EPOLLERR;
	else if (!list_empty(&session->pending))
		events = EPOLLIN | EPOLLRDNORM;
	if (!channel->gone && channel->peer & RPMSG_SDB_PEER_HANDOVER && !READ_ONCE(channel->full))
		events |= EPOLLOUT | EPOLLWRNORM;
	spin_unlock_irq(&channel->delivery_lock);
	return events;
}

void sdb_sessions_hang_up(struct sdb_channel *channel)
{
	struct eventfd_ctx *eventfd;
	struct sdb_session *session;
	struct sdb_buffer *buffer;
	unsigned long index;

	spin_lock_irq(&channel->delivery_lock);
	channel->gone = true;
	/* Applications that sleep on an eventfd find out at their next call. */
	xa_for_each(&channel->by_index, index, buffer)
		if (buffer->eventfd)
			eventfd_signal(buffer->eventfd);
	list_for_each_entry(session, &channel->sessions, link) {
		xa_for_each(&session->waiting, index, eventfd)
			eventfd_signal(eventfd);
		/* All, and as a rule poll() waiters are: a hang-up is everybody's. */
		__wake_up(&session->waiters, TASK_NORMAL, 0, poll_to_key(EPOLLHUP | EPOLLERR));
	}
	spin_unlock_irq(&channel->delivery_lock);
}

const struct file_operations sdb_session_fops = {
	.owner = THIS_MODULE,
	.open = session_open,
	.release = session_release,
	.mmap = session_mmap,
#ifdef SDB_LARGE_PAGES
	.get_unmapped_area = session_place,
#endif
	.poll = session_poll,
	.read_iter = sdb_session_read,
	.write_iter = sdb_session_write,
	.unlocked_ioctl = sdb_session_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
