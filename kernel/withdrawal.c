// SPDX-License-Identifier: GPL-2.0-only
/*
 * Withdrawals: a coprocessor that understands them is asked to let go a buffer that
 * its owner dropped. Until it confirms, the buffer keeps its memory and its index.
 */
#include <linux/module.h>

#include "buffer.h"
#include "channel.h"
#include "send.h"
#include "uapi/rpmsg_sdb.h"
#include "withdrawal.h"

bool sdb_withdraw(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	bool possible;

	mutex_lock(&channel->send_lock);
	possible = channel->rpdev && READ_ONCE(channel->peer) & RPMSG_SDB_PEER_WITHDRAWAL &&
		   buffer->known && buffer->life == channel->life;
	if (possible) {
		/* When its reference is dropped it may be retired, which needs the module. */
		__module_get(THIS_MODULE);
		list_add_tail(&buffer->withdrawn, &channel->withdrawn);
		/*
		 * A buffer that was recalled, and not announced again, need not be withdrawn
		 * again while the confirmation of the first withdrawal is still to come.
		 */
		if (buffer->announced || !READ_ONCE(buffer->acks_due))
			sdb_send_withdrawal(channel, buffer);
	}
	mutex_unlock(&channel->send_lock);
	return possible;
}

struct sdb_buffer *sdb_withdrawal_recall(struct sdb_channel *channel, u32 below, size_t size,
					 u32 flags)
{
	struct sdb_buffer *buffer, *lowest = NULL;

	mutex_lock(&channel->send_lock);
	list_for_each_entry(buffer, &channel->withdrawn, withdrawn) {
		/* A buffer that is still mapped cannot be given to somebody else. */
		if (buffer->memory.size == size && buffer->index < below &&
		    buffer->memory.flags == flags && kref_read(&buffer->refs) == 1 &&
		    sdb_buffer_is_reusable(buffer)) {
			lowest = buffer;
			below = buffer->index;
		}
	}
	if (lowest) {
		list_del_init(&lowest->withdrawn);
		lowest->must_withdraw = false;
		list_del_init(&lowest->send);
	}
	mutex_unlock(&channel->send_lock);

	if (lowest) {
		sdb_buffer_renew(lowest);
		module_put(THIS_MODULE);
	}
	return lowest;
}

static void settle_work(struct work_struct *work)
{
	struct sdb_channel *channel = container_of(work, struct sdb_channel, settle_work);
	struct sdb_buffer *buffer, *next;
	LIST_HEAD(settled);

	mutex_lock(&channel->send_lock);
	spin_lock_irq(&channel->delivery_lock);
	list_for_each_entry_safe(buffer, next, &channel->withdrawn, withdrawn)
		if (!buffer->must_withdraw && !buffer->acks_due)
			list_move(&buffer->withdrawn, &settled);
	list_for_each_entry(buffer, &settled, withdrawn)
		buffer->known = false;
	spin_unlock_irq(&channel->delivery_lock);
	mutex_unlock(&channel->send_lock);

	list_for_each_entry_safe(buffer, next, &settled, withdrawn) {
		list_del_init(&buffer->withdrawn);
		sdb_channel_forget(channel, buffer);
		module_put(THIS_MODULE);
	}
}

void sdb_withdrawal_init(struct sdb_channel *channel)
{
	INIT_LIST_HEAD(&channel->withdrawn);
	INIT_WORK(&channel->settle_work, settle_work);
}

void sdb_withdrawal_stop(struct sdb_channel *channel)
{
	struct sdb_buffer *buffer, *next;
	LIST_HEAD(withdrawn);

	cancel_work_sync(&channel->settle_work);
	mutex_lock(&channel->send_lock);
	list_splice_init(&channel->withdrawn, &withdrawn);
	mutex_unlock(&channel->send_lock);

	list_for_each_entry_safe(buffer, next, &withdrawn, withdrawn) {
		list_del_init(&buffer->withdrawn);
		/* The queue has no reference, and the next channel must not send it. */
		sdb_send_cancel(channel, buffer);
		sdb_channel_forget(channel, buffer);
		module_put(THIS_MODULE);
	}
}
