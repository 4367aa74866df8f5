// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of both versions of the interface. Structures are copied while no
 * lock is held.
 */
#include <linux/dma-buf.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "coprocessor.h"
#include "export.h"
#include "ioctl.h"
#include "parameters.h"
#include "session.h"
#include "transfer.h"
#include "uapi/rpmsg_sdb.h"

/* The numbers of version 1 hold the size of a pointer. A 64-bit kernel serves programs of both. */
#define SET_EFD_32	 _IOC(_IOC_WRITE, 'R', 0x00, 4)
#define SET_EFD_64	 _IOC(_IOC_WRITE, 'R', 0x00, 8)
#define GET_DATA_SIZE_32 _IOC(_IOC_READ | _IOC_WRITE, 'R', 0x01, 4)
#define GET_DATA_SIZE_64 _IOC(_IOC_READ | _IOC_WRITE, 'R', 0x01, 8)

static int set_efd(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_ioctl_set_efd request;
	struct eventfd_ctx *eventfd;
	int err;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.bufferId < 0 || request.bufferId >= sdb_max_buffers())
		return -EINVAL;
	eventfd = eventfd_ctx_fdget(request.eventfd);
	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);

	/* A transfer that could not be copied may be about to come back, to be told of. */
	if (mutex_lock_interruptible(&session->read_lock)) {
		eventfd_ctx_put(eventfd);
		return -ERESTARTSYS;
	}
	err = sdb_session_set_eventfd(session, request.bufferId, eventfd);
	mutex_unlock(&session->read_lock);
	return err;
}

static int query(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_query answer = {
		.version = 2,
		.capabilities = RPMSG_SDB_CAN_TRANSFER | RPMSG_SDB_CAN_ALLOCATE |
				RPMSG_SDB_CAN_DMABUF | RPMSG_SDB_CAN_RANGE,
		.peer = READ_ONCE(session->channel->peer),
		.max_buffers = sdb_max_buffers(),
		.max_bytes = sdb_max_file_bytes(),
		.address_limit = sdb_address_limit(),
	};

	if (session->channel->coprocessor->pool.has_pages)
		answer.capabilities |= RPMSG_SDB_CAN_CACHE;
	mutex_lock(&session->lock);
	answer.buffers = session->count;
	answer.bytes = session->bytes;
	mutex_unlock(&session->lock);
	return copy_to_user(argument, &answer, sizeof(answer)) ? -EFAULT : 0;
}

#define ALLOCATION_FLAGS (RPMSG_SDB_CACHED | RPMSG_SDB_FROM_COPROCESSOR | RPMSG_SDB_TO_COPROCESSOR)

/*
 * The second step of a new buffer. User space is told of it before anybody can find
 * it, so that a bad address changes nothing.
 */
static int publish(struct sdb_session *session, struct sdb_buffer *buffer, void __user *argument,
		   const void *answer, size_t size)
{
	int err = copy_to_user(argument, answer, size) ? -EFAULT : 0;

	mutex_lock(&session->lock);
	if (err)
		sdb_session_cancel(session, buffer);
	else
		sdb_session_publish(session, buffer);
	mutex_unlock(&session->lock);
	return err;
}

static int allocate(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_allocation request;
	struct sdb_buffer *buffer;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	/* The protocol and a 32-bit size_t cannot hold what a larger size is rounded up to. */
	if (request.flags & ~ALLOCATION_FLAGS || !request.size ||
	    request.size > round_down(U32_MAX, PAGE_SIZE))
		return -EINVAL;

	mutex_lock(&session->lock);
	buffer = sdb_session_prepare(session, PAGE_ALIGN((size_t)request.size), request.flags);
	mutex_unlock(&session->lock);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);

	request.size = buffer->memory.size;
	request.buffer = buffer->id;
	request.offset = sdb_session_offset(buffer->id);
	return publish(session, buffer, argument, &request, sizeof(request));
}

static int free_buffer(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_free request;
	struct sdb_buffer *buffer;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.reserved)
		return -EINVAL;

	/* With read_lock held, no record of the buffer is on its way to user space. */
	if (mutex_lock_interruptible(&session->read_lock))
		return -ERESTARTSYS;
	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, request.buffer);
	if (buffer)
		sdb_session_drop(session, buffer);
	mutex_unlock(&session->lock);
	mutex_unlock(&session->read_lock);
	return buffer ? 0 : -EINVAL;
}

static int describe_buffer(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_buffer request;
	struct sdb_buffer *buffer;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, request.buffer);
	if (buffer) {
		request.index = buffer->index;
		request.address = buffer->memory.address;
		request.size = buffer->memory.size;
		request.state = READ_ONCE(buffer->announced) ? RPMSG_SDB_BUFFER_ANNOUNCED :
							       RPMSG_SDB_BUFFER_QUEUED;
		request.flags = buffer->memory.flags;
		if (buffer->memory.ops->pinnable)
			request.flags |= RPMSG_SDB_PINNABLE;
		request.offset = sdb_session_offset(buffer->id);
	}
	mutex_unlock(&session->lock);
	if (!buffer)
		return -EINVAL;
	return copy_to_user(argument, &request, sizeof(request)) ? -EFAULT : 0;
}

static int sync_buffer(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_sync request;
	struct sdb_buffer *buffer;
	int err = 0;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.direction != RPMSG_SDB_SYNC_FOR_CPU &&
	    request.direction != RPMSG_SDB_SYNC_FOR_COPROCESSOR)
		return -EINVAL;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, request.buffer);
	if (!buffer || request.offset > buffer->memory.size ||
	    request.length > buffer->memory.size - request.offset)
		err = -EINVAL;
	else if (request.direction == RPMSG_SDB_SYNC_FOR_CPU)
		sdb_buffer_for_cpu(buffer, request.offset, request.length);
	else
		sdb_buffer_for_coprocessor(buffer, request.offset, request.length);
	mutex_unlock(&session->lock);
	return err;
}

/* The buffer of a number, with a reference, or an error pointer. */
static struct sdb_buffer *get_buffer(struct sdb_session *session, u32 id)
{
	struct sdb_buffer *buffer;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, id);
	if (buffer)
		kref_get(&buffer->refs);
	mutex_unlock(&session->lock);
	return buffer ?: ERR_PTR(-EINVAL);
}

/* Make a dma-buf of a range of a buffer, or of all of it if @size is 0. */
static struct dma_buf *export_range(struct file *file, u32 id, u64 offset, u64 size)
{
	struct sdb_buffer *buffer = get_buffer(file->private_data, id);
	struct dma_buf *dmabuf;

	if (IS_ERR(buffer))
		return ERR_CAST(buffer);
	dmabuf = sdb_buffer_export(buffer, offset, size ?: buffer->memory.size,
				   file->f_mode & FMODE_WRITE);
	sdb_buffer_put(buffer);
	return dmabuf;
}

/*
 * Make a descriptor of a dma-buf, which takes over its reference, and tell user space:
 * @fd is in @answer. It is installed last, since it cannot be taken back after that.
 */
static int tell_descriptor(struct dma_buf *dmabuf, u32 flags, s32 *fd, void __user *argument,
			   const void *answer, size_t size)
{
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	*fd = get_unused_fd_flags(flags);
	if (*fd < 0) {
		dma_buf_put(dmabuf);
		return *fd;
	}
	if (copy_to_user(argument, answer, size)) {
		put_unused_fd(*fd);
		dma_buf_put(dmabuf);
		return -EFAULT;
	}
	fd_install(*fd, dmabuf->file);
	return 0;
}

static int export_buffer(struct file *file, void __user *argument)
{
	struct rpmsg_sdb_dmabuf request;
	struct dma_buf *dmabuf;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.flags & ~O_CLOEXEC || request.reserved)
		return -EINVAL;
	dmabuf = export_range(file, request.buffer, 0, 0);
	return tell_descriptor(dmabuf, request.flags, &request.fd, argument, &request,
			       sizeof(request));
}

static int export_part(struct file *file, void __user *argument)
{
	struct rpmsg_sdb_export request;
	struct dma_buf *dmabuf;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.flags & ~O_CLOEXEC || request.reserved || !request.length)
		return -EINVAL;
	dmabuf = export_range(file, request.buffer, request.offset, request.length);
	return tell_descriptor(dmabuf, request.flags, &request.fd, argument, &request,
			       sizeof(request));
}

static int import_buffer(struct sdb_session *session, void __user *argument)
{
	struct rpmsg_sdb_dmabuf request;
	struct sdb_buffer *buffer;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.flags || request.reserved)
		return -EINVAL;
	if (request.fd < 0)
		return -EBADF;

	mutex_lock(&session->lock);
	buffer = sdb_session_prepare_import(session, request.fd);
	mutex_unlock(&session->lock);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);

	request.buffer = buffer->id;
	return publish(session, buffer, argument, &request, sizeof(request));
}

long sdb_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct sdb_session *session = file->private_data;
	void __user *pointer = (void __user *)argument;

	if (READ_ONCE(session->channel->gone))
		return -ENODEV;

	switch (command) {
	case SET_EFD_32:
	case SET_EFD_64:
		return set_efd(session, pointer);
	case GET_DATA_SIZE_32:
	case GET_DATA_SIZE_64:
		return sdb_get_data_size(session, pointer);
	case RPMSG_SDB_IOCTL_QUERY:
		return query(session, pointer);
	case RPMSG_SDB_IOCTL_ALLOCATE:
		return allocate(session, pointer);
	case RPMSG_SDB_IOCTL_FREE:
		return free_buffer(session, pointer);
	case RPMSG_SDB_IOCTL_BUFFER:
		return describe_buffer(session, pointer);
	case RPMSG_SDB_IOCTL_SYNC:
		return sync_buffer(session, pointer);
	case RPMSG_SDB_IOCTL_EXPORT:
		return export_buffer(file, pointer);
	case RPMSG_SDB_IOCTL_EXPORT_RANGE:
		return export_part(file, pointer);
	case RPMSG_SDB_IOCTL_IMPORT:
		return import_buffer(session, pointer);
	default:
		return -ENOTTY;
	}
}
