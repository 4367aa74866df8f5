// SPDX-License-Identifier: GPL-2.0-only
/*
 * read() and write() of records, and GET_DATA_SIZE, which is how version 1 reads.
 */
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "buffer.h"
#include "channel.h"
#include "send.h"
#include "session.h"
#include "transfer.h"
#include "uapi/rpmsg_sdb.h"

static bool is_nonblocking(struct kiocb *iocb)
{
	return iocb->ki_flags & IOCB_NOWAIT || iocb->ki_filp->f_flags & O_NONBLOCK;
}

/* The first try of io_uring must not sleep, not even on a lock. */
static int lock_for(struct kiocb *iocb, struct mutex *lock)
{
	if (iocb->ki_flags & IOCB_NOWAIT)
		return mutex_trylock(lock) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(lock) ? -ERESTARTSYS : 0;
}

static bool has_news(struct sdb_session *session)
{
	return READ_ONCE(session->channel->gone) || !list_empty_careful(&session->inbox.pending);
}

/* Take the pending transfer of a buffer, if there is one. With delivery_lock held. */
static bool take_pending(struct sdb_buffer *buffer, struct rpmsg_sdb_transfer *record)
{
	if (list_empty(&buffer->pending))
		return false;
	list_del_init(&buffer->pending);
	*record = (struct rpmsg_sdb_transfer){
		.buffer = buffer->id,
		.length = buffer->length,
		.missed = buffer->missed,
		.sequence = buffer->sequence - 1,
		.timestamp = buffer->timestamp,
	};
	buffer->missed = 0;
	return true;
}

/* Take the oldest pending transfer. NULL if there is none. */
static struct sdb_buffer *take_oldest(struct sdb_session *session,
				      struct rpmsg_sdb_transfer *record)
{
	struct sdb_channel *channel = session->channel;
	struct sdb_buffer *buffer;

	spin_lock_irq(&channel->delivery_lock);
	buffer = list_first_entry_or_null(&session->inbox.pending, struct sdb_buffer, pending);
	if (buffer)
		take_pending(buffer, record);
	spin_unlock_irq(&channel->delivery_lock);
	if (buffer)
		sdb_buffer_for_cpu(buffer, 0, record->length);
	return buffer;
}

/*
 * A record could not be copied. Make it as if it had not been taken, whatever
 * arrived meanwhile. Wake who looked meanwhile and found nothing.
 */
static void return_transfer(struct sdb_session *session, struct sdb_buffer *buffer,
			    const struct rpmsg_sdb_transfer *record)
{
	struct sdb_channel *channel = session->channel;

	spin_lock_irq(&channel->delivery_lock);
	if (list_empty(&buffer->pending)) {
		list_add(&buffer->pending, &session->inbox.pending);
		buffer->missed = record->missed;
		wake_up_interruptible_poll(&session->inbox.waiters, EPOLLIN | EPOLLRDNORM);
	} else {
		buffer->missed += record->missed + 1;
		channel->missed++;
	}
	spin_unlock_irq(&channel->delivery_lock);
}

/*
 * Copy whole records, as many as there are and fit. With read_lock held, so that
 * no buffer is freed meanwhile.
 */
static ssize_t read_pending(struct sdb_session *session, struct iov_iter *to)
{
	struct rpmsg_sdb_transfer record;
	struct sdb_buffer *buffer;
	ssize_t taken = 0;
	size_t copied;

	if (READ_ONCE(session->channel->gone))
		return -ENODEV;

	while (iov_iter_count(to) >= sizeof(record)) {
		buffer = take_oldest(session, &record);
		if (!buffer)
			break;
		copied = copy_to_iter(&record, sizeof(record), to);
		if (copied < sizeof(record)) {
			iov_iter_revert(to, copied);
			return_transfer(session, buffer, &record);
			return taken ?: -EFAULT;
		}
		taken += sizeof(record);
	}
	return taken ?: -EAGAIN;
}

ssize_t sdb_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct sdb_session *session = iocb->ki_filp->private_data;
	ssize_t taken;
	int err;

	if (iov_iter_count(to) < sizeof(struct rpmsg_sdb_transfer))
		return -EINVAL;

	for (;;) {
		err = lock_for(iocb, &session->read_lock);
		if (err)
			return err;
		taken = read_pending(session, to);
		mutex_unlock(&session->read_lock);
		if (taken != -EAGAIN || is_nonblocking(iocb))
			return taken;

		err = wait_event_interruptible(session->inbox.waiters, has_news(session));
		if (err)
			return err;
	}
}

/* Like a read() of the record of one buffer. With read_lock held. */
static int take_length(struct sdb_session *session, u32 id, u32 __user *size)
{
	struct sdb_channel *channel = session->channel;
	struct rpmsg_sdb_transfer record = { .length = RPMSG_SDB_NOTHING_NEW };
	struct sdb_buffer *buffer;
	bool taken;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, id);
	mutex_unlock(&session->lock);
	if (!buffer)
		return -EINVAL;

	spin_lock_irq(&channel->delivery_lock);
	taken = take_pending(buffer, &record);
	spin_unlock_irq(&channel->delivery_lock);
	if (taken)
		sdb_buffer_for_cpu(buffer, 0, record.length);

	/* Not put_user(): existing applications may pass an address that is not aligned. */
	if (!copy_to_user(size, &record.length, sizeof(*size)))
		return 0;
	if (taken)
		return_transfer(session, buffer, &record);
	return -EFAULT;
}

int sdb_get_data_size(struct sdb_session *session,
		      struct rpmsg_sdb_ioctl_get_data_size __user *argument)
{
	struct rpmsg_sdb_ioctl_get_data_size request;
	int err;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (request.bufferId < 0)
		return -EINVAL;
	if (mutex_lock_interruptible(&session->read_lock))
		return -ERESTARTSYS;
	err = take_length(session, request.bufferId, &argument->size);
	mutex_unlock(&session->read_lock);
	return err;
}

/* A buffer for data that only comes in has nothing for the coprocessor to read. */
static bool may_hand_over(struct sdb_buffer *buffer, u32 length)
{
	if (length && sdb_memory_direction(buffer->memory.flags) == DMA_FROM_DEVICE)
		return false;
	return length <= buffer->memory.size;
}

/* Hand one buffer over. -EAGAIN while an earlier transfer of it still waits for the ring. */
static int hand_over(struct kiocb *iocb, struct sdb_session *session,
		     const struct rpmsg_sdb_transfer *record)
{
	struct sdb_buffer *buffer;
	int err;

	if (record->missed || record->sequence || record->timestamp || record->reserved)
		return -EINVAL;

	err = lock_for(iocb, &session->lock);
	if (err)
		return err;
	buffer = xa_load(&session->buffers, record->buffer);
	if (!buffer || !may_hand_over(buffer, record->length)) {
		err = -EINVAL;
	} else {
		/* The coprocessor may write anywhere in an empty buffer. */
		sdb_buffer_for_coprocessor(buffer, 0, record->length ?: buffer->memory.size);
		err = sdb_send_transfer(session->channel, buffer, record->length);
	}
	mutex_unlock(&session->lock);
	return err;
}

static bool may_write(struct sdb_channel *channel)
{
	return READ_ONCE(channel->gone) || !READ_ONCE(channel->full);
}

static ssize_t write_records(struct kiocb *iocb, struct iov_iter *from)
{
	struct sdb_session *session = iocb->ki_filp->private_data;
	struct rpmsg_sdb_transfer record;
	ssize_t taken = 0;
	int err = 0;

	while (iov_iter_count(from) && !err) {
		if (!copy_from_iter_full(&record, sizeof(record), from)) {
			err = -EFAULT;
			break;
		}
		err = hand_over(iocb, session, &record);
		if (err)
			iov_iter_revert(from, sizeof(record));
		else
			taken += sizeof(record);
	}
	/*
	 * It is sent also if this call queued nothing. -EAGAIN may be due to what another
	 * writer queued. That writer may still wait for a page of its records.
	 */
	if (taken || err == -EAGAIN)
		sdb_send_queued(session->channel);
	return taken ?: err;
}

ssize_t sdb_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct sdb_session *session = iocb->ki_filp->private_data;
	struct sdb_channel *channel = session->channel;
	ssize_t taken;
	int err;

	if (!iov_iter_count(from) || iov_iter_count(from) % sizeof(struct rpmsg_sdb_transfer))
		return -EINVAL;

	for (;;) {
		if (READ_ONCE(channel->gone))
			return -ENODEV;
		if (!(READ_ONCE(channel->peer) & RPMSG_SDB_PEER_HANDOVER))
			return -EOPNOTSUPP;
		taken = write_records(iocb, from);
		if (taken != -EAGAIN || is_nonblocking(iocb))
			return taken;

		err = wait_event_interruptible(session->inbox.waiters, may_write(channel));
		if (err)
			return err;
	}
}
