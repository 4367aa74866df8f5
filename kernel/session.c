// SPDX-License-Identifier: GPL-2.0-only
/*
 * One open file: which buffers it has, and their indexes on the channel.
 *
 * A buffer is made in two steps. A prepared buffer has a number, an index and
 * memory, but nobody finds it. So whatever fails up to here changes nothing. A
 * published buffer is announced, and may be filled.
 */
#include <linux/eventfd.h>
#include <linux/slab.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "coprocessor.h"
#include "parameters.h"
#include "send.h"
#include "session.h"
#include "withdrawal.h"

static struct sdb_session *session_of(struct sdb_inbox *inbox)
{
	return container_of(inbox, struct sdb_session, inbox);
}

/* Into the channel's list, unless the channel is gone or somebody wants to be alone. */
static int session_join(struct sdb_session *session)
{
	struct sdb_channel *channel = session->channel;
	struct sdb_inbox *other;
	int err = 0;

	spin_lock_irq(&channel->delivery_lock);
	other = list_first_entry_or_null(&channel->inboxes, struct sdb_inbox, link);
	if (channel->gone)
		err = -ENODEV;
	else if (other && (session->exclusive || session_of(other)->exclusive))
		err = -EBUSY;
	else
		list_add(&session->inbox.link, &channel->inboxes);
	spin_unlock_irq(&channel->delivery_lock);
	return err;
}

struct sdb_session *sdb_session_create(struct sdb_channel *channel, bool exclusive)
{
	struct sdb_session *session;
	int err;

	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return ERR_PTR(-ENOMEM);

	session->channel = channel;
	session->exclusive = exclusive;
	INIT_LIST_HEAD(&session->inbox.pending);
	init_waitqueue_head(&session->inbox.waiters);
	xa_init(&session->inbox.eventfds);
	mutex_init(&session->read_lock);
	mutex_init(&session->lock);
	ida_init(&session->ids);
	xa_init(&session->buffers);

	err = session_join(session);
	if (err) {
		kfree(session);
		return ERR_PTR(err);
	}
	get_device(&channel->dev);
	return session;
}

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

/* Memory for a wish, under an index on the channel of its own. */
static struct sdb_buffer *get_memory(struct sdb_channel *channel, const struct wish *wish)
{
	struct sdb_pool *pool = &channel->coprocessor->pool;
	struct sdb_buffer *buffer = NULL;
	u32 index;
	int err;

	/* An entry of NULL reserves the place. The protocol needs the highest index for itself. */
	err = xa_alloc(&channel->by_index, &index, NULL, XA_LIMIT(0, INT_MAX), GFP_KERNEL);
	if (err)
		return ERR_PTR(err);

	if (wish->fd >= 0) {
		buffer = sdb_buffer_import(pool, index, wish->fd);
	} else {
		/* An application that reopens the device soon gets the indexes that it had. */
		buffer = sdb_withdrawal_recall(channel, index, wish->size, wish->flags);
		if (buffer) {
			xa_release(&channel->by_index, index);
			return buffer;
		}
		buffer = sdb_buffer_allocate(pool, index, wish->size, wish->flags);
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
	/* The size of an import is known only now. */
	if (!has_room(session, buffer->memory.size)) {
		sdb_channel_forget(channel, buffer);
		err = -EDQUOT;
		goto release_id;
	}
	buffer->id = id;
	session->count++;
	session->bytes += buffer->memory.size;
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

/* Take a buffer out of the session. Its index on the channel and its reference stay. */
static void release_number(struct sdb_session *session, struct sdb_buffer *buffer)
{
	xa_erase(&session->buffers, buffer->id);
	ida_free(&session->ids, buffer->id);
	session->count--;
	session->bytes -= buffer->memory.size;
}

void sdb_session_cancel(struct sdb_session *session, struct sdb_buffer *buffer)
{
	struct sdb_channel *channel = session->channel;

	lockdep_assert_held(&session->lock);
	release_number(session, buffer);
	/*
	 * The buffer may have been recalled while confirmations are to come. They must find
	 * it, and no other buffer. Its place is reserved.
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
	eventfd = xa_erase(&session->inbox.eventfds, buffer->id);

	spin_lock_irq(&channel->delivery_lock);
	buffer->eventfd = eventfd;
	buffer->inbox = &session->inbox;
	spin_unlock_irq(&channel->delivery_lock);

	/* Both places are reserved, so storing needs no memory. */
	xa_store(&session->buffers, buffer->id, buffer, GFP_KERNEL);
	xa_store(&channel->by_index, buffer->index, buffer, GFP_KERNEL);
	sdb_send_announcement(channel, buffer);

	/* If the channel went before the buffer was in by_index, nobody signalled the eventfd. */
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
	buffer->inbox = NULL;
	spin_unlock_irq(&channel->delivery_lock);
	if (eventfd)
		eventfd_ctx_put(eventfd);

	sdb_send_cancel(channel, buffer);
	release_number(session, buffer);
	if (!sdb_withdraw(channel, buffer))
		sdb_channel_forget(channel, buffer);
}

static void drop_all(struct sdb_session *session)
{
	struct eventfd_ctx *eventfd;
	struct sdb_buffer *buffer;
	unsigned long id;

	xa_for_each(&session->buffers, id, buffer)
		sdb_session_drop(session, buffer);
	xa_for_each(&session->inbox.eventfds, id, eventfd) {
		xa_erase(&session->inbox.eventfds, id);
		/* sdb_channel_hang_up() may be about to signal it. */
		sdb_channel_settle(session->channel);
		eventfd_ctx_put(eventfd);
	}
}

/* Give a buffer another eventfd. If a transfer is pending untold, it is signalled now. */
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

/* Set the eventfd of a buffer that is not there yet. */
static int replace_waiting(struct sdb_session *session, u32 id, struct eventfd_ctx *eventfd,
			   struct eventfd_ctx **old)
{
	struct sdb_channel *channel = session->channel;
	int err = 0;

	*old = xa_store(&session->inbox.eventfds, id, eventfd, GFP_KERNEL);
	if (xa_is_err(*old)) {
		err = xa_err(*old);
		*old = eventfd;
		return err;
	}
	/*
	 * sdb_channel_hang_up() either found the new eventfd, or is noticed here. And it no
	 * longer uses the old one.
	 */
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

void sdb_session_destroy(struct sdb_session *session)
{
	struct sdb_channel *channel = session->channel;

	mutex_lock(&session->lock);
	drop_all(session);
	mutex_unlock(&session->lock);

	spin_lock_irq(&channel->delivery_lock);
	list_del(&session->inbox.link);
	spin_unlock_irq(&channel->delivery_lock);

	put_device(&channel->dev);
	xa_destroy(&session->buffers);
	xa_destroy(&session->inbox.eventfds);
	ida_destroy(&session->ids);
	mutex_destroy(&session->lock);
	mutex_destroy(&session->read_lock);
	kfree(session);
}
