// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which buffers a session has, and their indexes on the channel. With
 * session->lock held.
 */
#include <linux/eventfd.h>

#include "buffer.h"
#include "channel.h"
#include "coprocessor.h"
#include "parameters.h"
#include "session.h"

/* Under @id and @index, which are reserved: storing there cannot fail for want of memory. */
static void publish(struct sdb_session *session, struct sdb_buffer *buffer, u32 id)
{
	struct sdb_channel *channel = session->channel;

	buffer->id = id;
	buffer->eventfd = xa_erase(&session->waiting, id);
	xa_store(&session->buffers, id, buffer, GFP_KERNEL);
	session->count++;
	session->bytes += buffer->size;

	spin_lock_irq(&channel->delivery_lock);
	buffer->session = session;
	spin_unlock_irq(&channel->delivery_lock);
	xa_store(&channel->by_index, buffer->index, buffer, GFP_KERNEL);
}

struct sdb_buffer *sdb_session_add(struct sdb_session *session, size_t size)
{
	struct sdb_channel *channel = session->channel;
	struct sdb_buffer *buffer;
	u32 index;
	int id, err;

	lockdep_assert_held(&session->lock);
	if (READ_ONCE(channel->gone))
		return ERR_PTR(-ENODEV);
	if (size > sdb_max_file_bytes() || session->bytes > sdb_max_file_bytes() - size)
		return ERR_PTR(-EDQUOT);

	id = ida_alloc_max(&session->ids, sdb_max_buffers() - 1, GFP_KERNEL);
	if (id < 0)
		return ERR_PTR(id == -ENOSPC ? -EDQUOT : id);

	/* An entry of NULL reserves the place. */
	err = xa_reserve(&session->buffers, id, GFP_KERNEL);
	if (err)
		goto free_id;
	/* The highest index is the protocol's own: see message.h. */
	err = xa_alloc(&channel->by_index, &index, NULL, XA_LIMIT(0, INT_MAX), GFP_KERNEL);
	if (err)
		goto release_id;

	/* An application that is quick to reopen finds the indexes it had. */
	buffer = sdb_withdrawal_recall(channel, index, size);
	if (buffer) {
		xa_release(&channel->by_index, index);
		publish(session, buffer, id);
		return buffer;
	}
	buffer = sdb_buffer_get_memory(channel->coprocessor, index, size);
	if (IS_ERR(buffer)) {
		err = PTR_ERR(buffer);
		goto release_index;
	}
	publish(session, buffer, id);
	return buffer;

release_index:
	xa_release(&channel->by_index, index);
release_id:
	xa_release(&session->buffers, id);
free_id:
	ida_free(&session->ids, id);
	return ERR_PTR(err);
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

	sdb_send_cancel(channel, buffer);
	if (eventfd)
		eventfd_ctx_put(eventfd);
	xa_erase(&session->buffers, buffer->id);
	ida_free(&session->ids, buffer->id);
	session->count--;
	session->bytes -= buffer->size;
	if (sdb_withdraw(channel, buffer))
		return;
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
		eventfd_ctx_put(eventfd);
	}
}
