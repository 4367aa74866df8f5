// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file operations of /dev/rpmsg_sdb.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "file.h"
#include "ioctl.h"
#include "large_pages.h"
#include "mapping.h"
#include "session.h"
#include "transfer.h"
#include "uapi/rpmsg_sdb.h"

static int file_open(struct inode *inode, struct file *file)
{
	struct sdb_channel *channel = container_of(inode->i_cdev, struct sdb_channel, cdev);
	struct sdb_session *session;

	session = sdb_session_create(channel, file->f_flags & O_EXCL);
	if (IS_ERR(session))
		return PTR_ERR(session);

	address_space_init_once(&session->mapping);
	session->mapping.host = inode;
	session->mapping.a_ops = inode->i_mapping->a_ops;
	file->f_mapping = &session->mapping;
	file->private_data = session;
	/* io_uring then polls and tries again. Otherwise it would park a thread in here. */
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);
}

static int file_release(struct inode *inode, struct file *file)
{
	sdb_session_destroy(file->private_data);
	return 0;
}

/*
 * mmap() at offset 0 makes a new buffer, and announces it here. mmap() can still
 * fail after this, for want of a few bytes. The file has the buffer all the same,
 * as after munmap().
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

static int file_mmap(struct file *file, struct vm_area_struct *vma)
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
 * Where mmap() puts a mapping that was asked for without an address. The memory of
 * a new buffer is not known yet. mremap() passes the place in the buffer as the
 * offset, and any place will do for that.
 */
static unsigned long file_place(struct file *file, unsigned long hint, unsigned long length,
				unsigned long offset, unsigned long flags)
{
	struct sdb_session *session = file->private_data;
	struct sdb_buffer *buffer = NULL;
	dma_addr_t address;

	/* A buffer goes only after it left the array. session->lock may be held for long. */
	xa_lock(&session->buffers);
	if (offset)
		buffer = xa_load(&session->buffers, offset - 1);
	address = buffer ? buffer->memory.address : 0;
	xa_unlock(&session->buffers);
	return sdb_large_pages_place(file, address, hint, length, flags);
}
#endif

static __poll_t file_poll(struct file *file, poll_table *wait)
{
	struct sdb_session *session = file->private_data;
	struct sdb_channel *channel = session->channel;
	__poll_t events = 0;

	poll_wait(file, &session->inbox.waiters, wait);

	spin_lock_irq(&channel->delivery_lock);
	if (channel->gone)
		events = EPOLLHUP | EPOLLERR;
	else if (!list_empty(&session->inbox.pending))
		events = EPOLLIN | EPOLLRDNORM;
	if (!channel->gone && channel->peer & RPMSG_SDB_PEER_HANDOVER && !READ_ONCE(channel->full))
		events |= EPOLLOUT | EPOLLWRNORM;
	spin_unlock_irq(&channel->delivery_lock);
	return events;
}

const struct file_operations sdb_file_operations = {
	.owner = THIS_MODULE,
	.open = file_open,
	.release = file_release,
	.mmap = file_mmap,
#ifdef SDB_LARGE_PAGES
	.get_unmapped_area = file_place,
#endif
	.poll = file_poll,
	.read_iter = sdb_read,
	.write_iter = sdb_write,
	.unlocked_ioctl = sdb_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
