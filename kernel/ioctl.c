// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of both versions of the interface. Structures are copied with
 * no lock held.
 */
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "parameters.h"
#include "session.h"
#include "uapi/rpmsg_sdb.h"

/* Version 1's numbers hold the size of a user space pointer: a 64-bit kernel serves both. */
#define SET_EFD_32	_IOC(_IOC_WRITE, 'R', 0x00, 4)
#define SET_EFD_64	_IOC(_IOC_WRITE, 'R', 0x00, 8)
#define GET_DATA_SIZE_32	_IOC(_IOC_READ | _IOC_WRITE, 'R', 0x01, 4)
#define GET_DATA_SIZE_64	_IOC(_IOC_READ | _IOC_WRITE, 'R', 0x01, 8)

/*
 * The new eventfd of a buffer; the old one comes back. A transfer that nobody
 * was told of is told now.
 */
static struct eventfd_ctx *replace_eventfd(struct sdb_channel *channel, struct sdb_buffer *buffer,
					   struct eventfd_ctx *eventfd)
{
	struct eventfd_ctx *old;

	spin_lock_irq(&channel->delivery_lock);
	old = buffer->eventfd;
	buffer->eventfd = eventfd;
	if (buffer->untold && !list_empty(&buffer->pending))
		eventfd_signal(eventfd);
	buffer->untold = false;
	spin_unlock_irq(&channel->delivery_lock);
	return old;
}

static int set_efd(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_ioctl_set_efd request;
	struct eventfd_ctx *eventfd, *old;
	struct sdb_buffer *buffer;
	int err = 0;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.bufferId < 0 || request.bufferId >= sdb_max_buffers())
		return -EINVAL;
	eventfd = eventfd_ctx_fdget(request.eventfd);
	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);

	mutex_lock(&session->lock);
	if (READ_ONCE(session->channel->gone)) {
		old = eventfd;
		err = -ENODEV;
		goto unlock;
	}
	buffer = xa_load(&session->buffers, request.bufferId);
	if (buffer) {
		old = replace_eventfd(session->channel, buffer, eventfd);
	} else {
		old = xa_store(&session->waiting, request.bufferId, eventfd, GFP_KERNEL);
		if (xa_is_err(old)) {
			err = xa_err(old);
			old = eventfd;
		}
	}
unlock:
	mutex_unlock(&session->lock);
	if (old)
		eventfd_ctx_put(old);
	return err;
}

/* Take what is pending of a buffer, for good. */
static u32 take_length(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	u32 length = RPMSG_SDB_NOTHING_NEW;

	spin_lock_irq(&channel->delivery_lock);
	if (!list_empty(&buffer->pending)) {
		list_del_init(&buffer->pending);
		length = buffer->length;
		buffer->missed = 0;
	}
	spin_unlock_irq(&channel->delivery_lock);
	return length;
}

static int get_data_size(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_ioctl_get_data_size request;
	struct sdb_buffer *buffer;
	int err = 0;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	/* The answer must not be lost on the way: a bad address shows before anything is taken. */
	if (copy_to_user(argument, &request, sizeof(request)))
		return -EFAULT;
	if (request.bufferId < 0)
		return -EINVAL;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, request.bufferId);
	if (READ_ONCE(session->channel->gone))
		err = -ENODEV;
	else if (!buffer)
		err = -EINVAL;
	else
		request.size = take_length(session->channel, buffer);
	mutex_unlock(&session->lock);

	if (!err && copy_to_user(argument, &request, sizeof(request)))
		err = -EFAULT;
	return err;
}

static int query(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_query answer = {
		.version = 2,
		.capabilities = RPMSG_SDB_CAN_TRANSFER | RPMSG_SDB_CAN_ALLOCATE,
		.peer = READ_ONCE(session->channel->peer),
		.max_buffers = sdb_max_buffers(),
		.max_bytes = sdb_max_file_bytes(),
		.address_limit = sdb_address_limit(),
	};

	if (READ_ONCE(session->channel->gone))
		return -ENODEV;
	mutex_lock(&session->lock);
	answer.buffers = session->count;
	answer.bytes = session->bytes;
	mutex_unlock(&session->lock);
	return copy_to_user(argument, &answer, sizeof(answer)) ? -EFAULT : 0;
}

static int drop_by_id(struct sdb_session *session, u32 id)
{
	struct sdb_buffer *buffer;

	/* read_lock: no record of it is on its way to user space when the number is free again. */
	mutex_lock(&session->read_lock);
	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, id);
	if (buffer)
		sdb_session_drop(session, buffer);
	mutex_unlock(&session->lock);
	mutex_unlock(&session->read_lock);
	return buffer ? 0 : -EINVAL;
}

static int allocate(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_allocation request;
	struct sdb_buffer *buffer;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	/* The protocol has 32 bits for the length. */
	if (request.flags || !request.size || request.size > round_down(U32_MAX, PAGE_SIZE))
		return -EINVAL;

	mutex_lock(&session->lock);
	buffer = sdb_session_add(session, PAGE_ALIGN(request.size));
	if (!IS_ERR(buffer)) {
		sdb_send_announcement(session->channel, buffer);
		request.size = buffer->size;
		request.buffer = buffer->id;
		request.offset = sdb_session_offset(buffer->id);
	}
	mutex_unlock(&session->lock);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);

	if (copy_to_user(argument, &request, sizeof(request))) {
		drop_by_id(session, request.buffer);
		return -EFAULT;
	}
	return 0;
}

static int free_buffer(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_free request;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.reserved)
		return -EINVAL;
	if (READ_ONCE(session->channel->gone))
		return -ENODEV;
	return drop_by_id(session, request.buffer);
}

static int describe_buffer(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_buffer request;
	struct sdb_buffer *buffer;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (READ_ONCE(session->channel->gone))
		return -ENODEV;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, request.buffer);
	if (buffer) {
		request.index = buffer->index;
		request.address = buffer->address;
		request.size = buffer->size;
		request.state = READ_ONCE(buffer->must_announce) ? RPMSG_SDB_BUFFER_QUEUED :
								   RPMSG_SDB_BUFFER_ANNOUNCED;
		request.flags = 0;
		request.offset = sdb_session_offset(buffer->id);
	}
	mutex_unlock(&session->lock);
	if (!buffer)
		return -EINVAL;
	return copy_to_user(argument, &request, sizeof(request)) ? -EFAULT : 0;
}

long sdb_session_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct sdb_session *session = file->private_data;
	void __user *pointer = (void __user *)argument;

	switch (command) {
	case SET_EFD_32:
	case SET_EFD_64:
		return set_efd(session, pointer);
	case GET_DATA_SIZE_32:
	case GET_DATA_SIZE_64:
		return get_data_size(session, pointer);
	case RPMSG_SDB_IOCTL_QUERY:
		return query(session, pointer);
	case RPMSG_SDB_IOCTL_ALLOCATE:
		return allocate(session, pointer);
	case RPMSG_SDB_IOCTL_FREE:
		return free_buffer(session, pointer);
	case RPMSG_SDB_IOCTL_BUFFER:
		return describe_buffer(session, pointer);
	default:
		return -ENOTTY;
	}
}
