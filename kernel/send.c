// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux to the coprocessor. The queue is made of the buffers that have something
 * to send. So it needs no memory of its own, and cannot overflow.
 *
 * rpmsg_send() would block for up to 15 s. It may wait for a lock that its caller
 * holds, and it sleeps on an object that the channel's removal frees. So the
 * driver only uses rpmsg_trysend(). A work item tries again while the ring is full.
 */
#include <linux/jiffies.h>
#include <linux/rpmsg.h>

#include "buffer.h"
#include "channel.h"
#include "message.h"
#include "send.h"
#include "trace.h"
#include "uapi/rpmsg_sdb.h"

/* How often to look for room: rpmsg does not tell when the ring has some again. */
#define DELAY_MIN msecs_to_jiffies(1)
#define DELAY_MAX msecs_to_jiffies(50)

/* Returns -EAGAIN when the ring is full, or another error. */
static int try_send(struct sdb_channel *channel, char *text, size_t size)
{
	int err = rpmsg_trysend(channel->rpdev->ept, text, size);

	/* virtio rpmsg answers -ENOMEM, other transports -EAGAIN. */
	return err == -ENOMEM ? -EAGAIN : err;
}

static int send_features(struct sdb_channel *channel)
{
	char text[SDB_MESSAGE_TRANSFER_MAX];
	int err;

	/* Cleared before it is sent: the callback may set it again meanwhile. */
	WRITE_ONCE(channel->must_say_features, false);
	err = try_send(channel, text,
		       sdb_message_transfer(text, SDB_MESSAGE_FEATURES_INDEX, SDB_FEATURES));
	if (err)
		WRITE_ONCE(channel->must_say_features, true);
	return err;
}

static int send_announcement(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	char text[SDB_MESSAGE_ANNOUNCE_MAX];
	int err;

	err = try_send(channel, text,
		       sdb_message_announce(text, buffer->index, buffer->memory.address,
					    buffer->memory.size));
	if (err)
		return err;
	buffer->life = channel->life;
	buffer->known = true;
	WRITE_ONCE(buffer->announced, true);
	buffer->must_announce = false;
	trace_rpmsg_sdb_announce(buffer->index, buffer->memory.address, buffer->memory.size);
	return 0;
}

static bool is_transfer(struct sdb_buffer *buffer)
{
	return !buffer->must_announce && !buffer->must_withdraw;
}

/*
 * Send the transfers at the head of the queue: as many as a payload holds if the
 * coprocessor takes several, and otherwise one.
 */
static int send_transfers(struct sdb_channel *channel)
{
	bool batch = READ_ONCE(channel->peer) & RPMSG_SDB_PEER_BATCH;
	struct sdb_buffer *buffer, *next;
	char *text = channel->payload;
	unsigned int count = 0;
	size_t size = 0;
	int err;

	list_for_each_entry(buffer, &channel->send_queue, send) {
		if (!is_transfer(buffer) || size + SDB_MESSAGE_TRANSFER_MAX > SDB_PAYLOAD_MAX)
			break;
		size += sdb_message_transfer(text + size, buffer->index, buffer->hand_over_length);
		count++;
		if (!batch)
			break;
	}
	err = try_send(channel, text, size);
	if (err)
		return err;

	list_for_each_entry_safe(buffer, next, &channel->send_queue, send) {
		if (!count--)
			break;
		buffer->must_hand_over = false;
		list_del_init(&buffer->send);
	}
	return 0;
}

static int send_withdrawal(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	char text[SDB_MESSAGE_ANNOUNCE_MAX];
	int err;

	/* Counted before it is sent: the confirmation may come before try_send() returns. */
	spin_lock_irq(&channel->delivery_lock);
	buffer->acks_due++;
	spin_unlock_irq(&channel->delivery_lock);

	err = try_send(channel, text,
		       sdb_message_announce(text, buffer->index, buffer->memory.address, 0));
	/* Other errors end it. It stays counted, so it does not look confirmed. */
	if (err == -EAGAIN) {
		/* It may be counted down already, by a confirmation that nobody asked for. */
		spin_lock_irq(&channel->delivery_lock);
		if (buffer->acks_due)
			buffer->acks_due--;
		spin_unlock_irq(&channel->delivery_lock);
	}
	if (err)
		return err;
	WRITE_ONCE(buffer->announced, false);
	buffer->must_withdraw = false;
	list_del_init(&buffer->send);
	return 0;
}

static int send_head(struct sdb_channel *channel)
{
	struct sdb_buffer *buffer;
	int err;

	buffer = list_first_entry(&channel->send_queue, struct sdb_buffer, send);
	if (buffer->must_withdraw)
		return send_withdrawal(channel, buffer);
	if (!buffer->must_announce)
		return send_transfers(channel);

	err = send_announcement(channel, buffer);
	if (!err && !buffer->must_hand_over)
		list_del_init(&buffer->send);
	return err;
}

/* Only a full ring gets better. Of any other error nobody is told but the log, once a channel. */
static void count_unsent(struct sdb_channel *channel, struct sdb_buffer *buffer, int err)
{
	bool first;

	spin_lock_irq(&channel->delivery_lock);
	first = !channel->unsent++;
	spin_unlock_irq(&channel->delivery_lock);
	if (first)
		dev_notice(&channel->dev,
			   "cannot send for buffer %u: error %d; from now on only counted\n",
			   buffer->index, err);
}

static void drop_head(struct sdb_channel *channel, int err)
{
	struct sdb_buffer *buffer;

	buffer = list_first_entry(&channel->send_queue, struct sdb_buffer, send);
	count_unsent(channel, buffer, err);
	buffer->must_announce = false;
	buffer->must_hand_over = false;
	buffer->must_withdraw = false;
	list_del_init(&buffer->send);
}

/* Wake who waits to write, in any session. */
static void wake_writers(struct sdb_channel *channel)
{
	struct sdb_inbox *inbox;

	spin_lock_irq(&channel->delivery_lock);
	list_for_each_entry(inbox, &channel->inboxes, link)
		wake_up_interruptible_poll(&inbox->waiters, EPOLLOUT | EPOLLWRNORM);
	spin_unlock_irq(&channel->delivery_lock);
}

static void set_full(struct sdb_channel *channel, bool full)
{
	bool was_full = channel->full;

	WRITE_ONCE(channel->full, full);
	if (full) {
		schedule_delayed_work(&channel->send_work, channel->send_delay);
		channel->send_delay = min(channel->send_delay * 2, DELAY_MAX);
	} else {
		channel->send_delay = DELAY_MIN;
		if (was_full)
			wake_writers(channel);
	}
}

/* With send_lock held. */
static void send_queued(struct sdb_channel *channel)
{
	int err = 0;

	lockdep_assert_held(&channel->send_lock);
	if (!channel->rpdev)
		return;

	/* Not in the loop: a coprocessor that keeps asking would keep this call here. */
	if (READ_ONCE(channel->must_say_features))
		err = send_features(channel);

	while (err != -EAGAIN && !list_empty(&channel->send_queue)) {
		err = send_head(channel);
		if (err && err != -EAGAIN)
			drop_head(channel, err);
	}
	set_full(channel, err == -EAGAIN);
}

void sdb_send_queued(struct sdb_channel *channel)
{
	mutex_lock(&channel->send_lock);
	send_queued(channel);
	mutex_unlock(&channel->send_lock);
}

static void send_work(struct work_struct *work)
{
	sdb_send_queued(container_of(to_delayed_work(work), struct sdb_channel, send_work));
}

void sdb_send_announcement(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	mutex_lock(&channel->send_lock);
	if (channel->rpdev) {
		buffer->must_announce = true;
		list_add_tail(&buffer->send, &channel->send_queue);
		send_queued(channel);
	}
	mutex_unlock(&channel->send_lock);
}

int sdb_send_transfer(struct sdb_channel *channel, struct sdb_buffer *buffer, u32 length)
{
	int err = 0;

	mutex_lock(&channel->send_lock);
	if (!channel->rpdev) {
		err = -ENODEV;
	} else if (!buffer->announced && !buffer->must_announce) {
		/* Its announcement could not be sent, so the coprocessor has no such buffer. */
		err = -EIO;
	} else if (buffer->must_hand_over) {
		err = -EAGAIN;
	} else {
		buffer->must_hand_over = true;
		buffer->hand_over_length = length;
		/* Its announcement may have queued it already. */
		if (list_empty(&buffer->send))
			list_add_tail(&buffer->send, &channel->send_queue);
	}
	mutex_unlock(&channel->send_lock);
	return err;
}

void sdb_send_withdrawal(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	lockdep_assert_held(&channel->send_lock);
	buffer->must_withdraw = true;
	list_add_tail(&buffer->send, &channel->send_queue);
	send_queued(channel);
}

void sdb_send_cancel(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	mutex_lock(&channel->send_lock);
	buffer->must_announce = false;
	buffer->must_hand_over = false;
	buffer->must_withdraw = false;
	list_del_init(&buffer->send);
	mutex_unlock(&channel->send_lock);
}

void sdb_send_init(struct sdb_channel *channel)
{
	mutex_init(&channel->send_lock);
	INIT_LIST_HEAD(&channel->send_queue);
	INIT_DELAYED_WORK(&channel->send_work, send_work);
	channel->send_delay = DELAY_MIN;
}

void sdb_send_stop(struct sdb_channel *channel)
{
	mutex_lock(&channel->send_lock);
	channel->rpdev = NULL;
	mutex_unlock(&channel->send_lock);

	/* The work takes send_lock and nothing else, so this waits for one attempt at most. */
	cancel_delayed_work_sync(&channel->send_work);
}
