// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which buffers a session has, and their indexes on the channel. With
 * session->lock held.
 *
 * A buffer is made in two steps. Prepared, it has a number, an index and memory,
 * but nobody finds it: whatever fails then leaves nothing changed. Published, it
 * is announced and may be filled.
 */
#include <linux/eventfd.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "coprocessor.h"
#include "parameters.h"
#include "send.h"
#include "session.h"
#include "withdrawal.h"

static bool has_room(struct sdb_session *session, size_t size)
{
	u64 limit = sdb_max_file_bytes();

	return size <= limit && session->bytes <= limit - size;
}

/* What a new buffer is to be. */
struct wish {
	size_t size; /* 0 for an import: the dma-buf's */
	u32 flags;
	int fd; /* of a dma-buf to import, otherwise -1 */
};

/* Memory for a wish, with an index on the channel of its own. */
static struct sdb_buffer *get_memory(struct sdb_channel *channel, const struct wish *wish)
{
	struct sdb_buffer *buffer = NULL;
	u32 index;
	int err;

	/* An entry of NULL reserves the place. The highest index is the protocol's own. */
	err = xa_alloc(&channel->by_index, &index, NULL, XA_LIMIT(0, INT_MAX), GFP_KERNEL);
	if (err)
		return ERR_PTR(err);

	if (wish->fd >= 0) {
		buffer = sdb_buffer_import(channel->coprocessor, index, wish->fd);
	} else {
		/* An application that is quick to reopen finds the indexes it had. */
		buffer = sdb_withdrawal_recall(channel, index, wish->size, wish->flags);
		if (buffer) {
			xa_release(&channel->by_index, index);
			return buffer;
		}
		buffer = sdb_buffer_allocate(channel->coprocessor, index, wish->size, wish->flags);
	}
	if (IS_ERR(buffer))
		xa_release(&channel->by_index, index);
	return buffer;
}

static struct sdb_buffer *prepare(struct sdb_session *session, const struct wish *wish)
{
	struct sdb_channel *channel = session->channel;
	struct sdb_buffer *buffer;
	int id, err;

	lockdep_assert_held(&session->lock);
	if (READ_ONCE(channel->gone))
		return ERR_PTR(-ENODEV);
	/* The protocol has 32 bits for the length. */
	if (wish->size > round_down(U32_MAX, PAGE_SIZE))
		return ERR_PTR(-EINVAL);
	if (!has_room(session, wish->size))
		return ERR_PTR(-EDQUOT);

	id = ida_alloc_max(&session->ids, sdb_max_buffers() - 1, GFP_KERNEL);
	if (id < 0)
		return ERR_PTR(id == -ENOSPC ? -EDQUOT : id);
	err = xa_reserve(&session->buffers, id, GFP_KERNEL);
	if (err)
		goto free_id;

	buffer = get_memory(channel, wish);
	if (IS_ERR(buffer)) {
		err = PTR_ERR(buffer);
		goto release_id;
	}
	/* Of an import the size is known only now. */
	if (!has_room(session, buffer->size)) {
		sdb_channel_forget(channel, buffer);
		err = -EDQUOT;
		goto release_id;
	}
	buffer->id = id;
	session->count++;
	session->bytes += buffer->size;
	return buffer;

release_id:
	xa_release(&session->buffers, id);
free_id:
	ida_free(&session->ids, id);
	return ERR_PTR(err);
}

struct sdb_buffer *sdb_session_prepare(struct sdb_session *session, size_t size, u32 flags)
{
	return prepare(session, &(struct wish){ .size = size, .flags = flags, .fd = -1 });
}

struct sdb_buffer *sdb_session_prepare_import(struct sdb_session *session, int fd)
{
	return prepare(session, &(struct wish){ .fd = fd });
}

/* Everything but the index on the channel and the reference. */
static void release_number(struct sdb_session *session, struct sdb_buffer *buffer)
{
	xa_erase(&session->buffers, buffer->id);
	ida_free(&session->ids, buffer->id);
	session->count--;
	session->bytes -= buffer->size;
}

void sdb_session_cancel(struct sdb_session *session, struct sdb_buffer *buffer)
{
	struct sdb_channel *channel = session->channel;

	lockdep_assert_held(&session->lock);
	release_number(session, buffer);
	/*
	 * It may be one that had an owner before, and confirmations to come: those
	 * must find it, and no other. The place is reserved.
	 */
	xa_store(&channel->by_index, buffer->index, buffer, GFP_KERNEL);
	if (!sdb_withdraw(channel, buffer))
		sdb_channel_forget(channel, buffer);
}

void sdb_session_publish(struct sdb_session *session, struct sdb_buffer *buffer)
{
	struct sdb_channel *channel = session->channel;
	struct eventfd_ctx *eventfd;

	lockdep_assert_held(&session->lock);
	eventfd = xa_erase(&session->waiting, buffer->id);

	spin_lock_irq(&channel->delivery_lock);
	buffer->eventfd = eventfd;
	buffer->session = session;
	spin_unlock_irq(&channel->delivery_lock);

	/* Both places are reserved: storing there needs no memory. */
	xa_store(&session->buffers, buffer->id, buffer, GFP_KERNEL);
	xa_store(&channel->by_index, buffer->index, buffer, GFP_KERNEL);
	sdb_send_announcement(channel, buffer);

	/* The channel may have gone too early for its eventfd to be found there. */
	spin_lock_irq(&channel->delivery_lock);
	if (channel->gone && eventfd)
		eventfd_signal(eventfd);
	spin_unlock_irq(&channel->delivery_lock);
}

void sdb_session_drop(struct sdb_session *session, struct sdb_buffer *buffer)
{
	struct sdb_channel *channel = session->channel;
	struct eventfd_ctx *eventfd;

	lockdep_assert_held(&session->lock);

	spin_lock_irq(&channel->delivery_lock);
	list_del_init(&buffer->pending);
	eventfd = buffer->eventfd;
	buffer->eventfd = NULL;
	buffer->session = NULL;
	spin_unlock_irq(&channel->delivery_lock);
	if (eventfd)
		eventfd_ctx_put(eventfd);

	sdb_send_cancel(channel, buffer);
	release_number(session, buffer);
	if (!sdb_withdraw(channel, buffer))
		sdb_channel_forget(channel, buffer);
}

void sdb_session_drop_all(struct sdb_session *session)
{
	struct eventfd_ctx *eventfd;
	struct sdb_buffer *buffer;
	unsigned long id;

	xa_for_each(&session->buffers, id, buffer)
		sdb_session_drop(session, buffer);
	xa_for_each(&session->waiting, id, eventfd) {
		xa_erase(&session->waiting, id);
		/* Who hangs up may be about to signal it. */
		sdb_channel_settle(session->channel);
		eventfd_ctx_put(eventfd);
	}
}

/* The new eventfd of a buffer. A transfer that nobody was told of is told now. */
static int replace_eventfd(struct sdb_channel *channel, struct sdb_buffer *buffer,
			   struct eventfd_ctx *eventfd, struct eventfd_ctx **old)
{
	int err = 0;

	spin_lock_irq(&channel->delivery_lock);
	if (channel->gone) {
		*old = eventfd;
		err = -ENODEV;
	} else {
		*old = buffer->eventfd;
		buffer->eventfd = eventfd;
		if (buffer->untold && !list_empty(&buffer->pending))
			eventfd_signal(eventfd);
		buffer->untold = false;
	}
	spin_unlock_irq(&channel->delivery_lock);
	return err;
}

/* One for a buffer that is not there yet. */
static int replace_waiting(struct sdb_session *session, u32 id, struct eventfd_ctx *eventfd,
			   struct eventfd_ctx **old)
{
	struct sdb_channel *channel = session->channel;
	int err = 0;

	*old = xa_store(&session->waiting, id, eventfd, GFP_KERNEL);
	if (xa_is_err(*old)) {
		err = xa_err(*old);
		*old = eventfd;
		return err;
	}
	/* Who hangs up either finds it, or is seen here; and has done with the old one. */
	spin_lock_irq(&channel->delivery_lock);
	if (channel->gone)
		err = -ENODEV;
	spin_unlock_irq(&channel->delivery_lock);
	return err;
}

int sdb_session_set_eventfd(struct sdb_session *session, u32 id, struct eventfd_ctx *eventfd)
{
	struct eventfd_ctx *old = NULL;
	struct sdb_buffer *buffer;
	int err;

	mutex_lock(&session->lock);
	buffer = xa_load(&session->buffers, id);
	if (buffer)
		err = replace_eventfd(session->channel, buffer, eventfd, &old);
	else
		err = replace_waiting(session, id, eventfd, &old);
	mutex_unlock(&session->lock);
	if (old)
		eventfd_ctx_put(old);
	return err;
}
