// SPDX-License-Identifier: GPL-2.0-only
/*
 * How buffers and inboxes leave a channel, and how it tells them that it goes.
 *
 * Callbacks look things up, and use them, with delivery_lock held. An array's own
 * lock must not nest inside: it does not disable interrupts, and delivery_lock may
 * be taken in one. So a thing is first taken out of its array, without
 * delivery_lock, and then let go, once nobody uses it any more.
 */
#include <linux/eventfd.h>
#include <linux/poll.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"

void sdb_channel_settle(struct sdb_channel *channel)
{
	spin_lock_irq(&channel->delivery_lock);
	spin_unlock_irq(&channel->delivery_lock);
}

void sdb_channel_forget(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	xa_erase(&channel->by_index, buffer->index);
	sdb_channel_settle(channel);
	sdb_buffer_put(buffer);
}

void sdb_channel_hang_up(struct sdb_channel *channel)
{
	struct eventfd_ctx *eventfd;
	struct sdb_buffer *buffer;
	struct sdb_inbox *inbox;
	unsigned long index;

	spin_lock_irq(&channel->delivery_lock);
	channel->gone = true;
	/* An application that sleeps on an eventfd finds out at its next call. */
	xa_for_each(&channel->by_index, index, buffer)
		if (buffer->eventfd)
			eventfd_signal(buffer->eventfd);
	list_for_each_entry(inbox, &channel->inboxes, link) {
		xa_for_each(&inbox->eventfds, index, eventfd)
			eventfd_signal(eventfd);
		/* All waiters, exclusive ones too: the hang-up is for everybody. */
		__wake_up(&inbox->waiters, TASK_NORMAL, 0, poll_to_key(EPOLLHUP | EPOLLERR));
	}
	spin_unlock_irq(&channel->delivery_lock);
}
