// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux to the coprocessor: a queue of buffers that have something to say, so
 * it needs no memory of its own and cannot overflow.
 *
 * A blocking rpmsg_send() waits up to 15 s, can wait for a lock its caller
 * holds, and sleeps on an object that the channel's removal frees. So only
 * rpmsg_trysend(), and a work item that tries again while the ring is full.
 */
#include <linux/jiffies.h>
#include <linux/rpmsg.h>

#include "buffer.h"
#include "channel.h"
#include "coprocessor.h"
#include "message.h"
#include "trace.h"
#include "uapi/rpmsg_sdb.h"

/* rpmsg does not tell when the ring has room again. */
#define DELAY_MIN msecs_to_jiffies(1)
#define DELAY_MAX msecs_to_jiffies(50)

/* What a virtio rpmsg message carries; rpmsg_get_mtu() is not in each kernel. */
#define PAYLOAD_MAX 496

/* What this driver says it understands, to a coprocessor that says so first. */
#define FEATURES (RPMSG_SDB_PEER_HANDOVER | RPMSG_SDB_PEER_WITHDRAWAL | RPMSG_SDB_PEER_BATCH)

/* 0 or an error; -EAGAIN when the ring is full. */
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

	/* Cleared first: the callback may set it again meanwhile. */
	WRITE_ONCE(channel->must_say_features, false);
	err = try_send(channel, text,
		       sdb_message_transfer(text, SDB_MESSAGE_FEATURES_INDEX, FEATURES));
	if (err)
		WRITE_ONCE(channel->must_say_features, true);
	return err;
}

static int send_announcement(struct sdb_channel *channel, struct sdb_buffer *buffer)
{
	char text[SDB_MESSAGE_ANNOUNCE_MAX];
	int err;

	err = try_send(channel, text,
		       sdb_message_announce(text, buffer->index, buffer->address, buffer->size));
	if (err)
		return err;
	buffer->life = channel->life;
	buffer->known = true;
	buffer->must_announce = false;
	trace_rpmsg_sdb_announce(buffer);
	return 0;
}

static bool is_transfer(struct sdb_buffer *buffer)
{
	return !buffer->must_announce && !buffer->must_withdraw;
}

/*
 * The transfers at the head of the queue: one, or as many as a payload holds
 * for a peer that takes several.
 */
static int send_transfers(struct sdb_channel *channel)
{
	bool batch = READ_ONCE(channel->peer) & RPMSG_SDB_PEER_BATCH;
	struct sdb_buffer *buffer, *next;
	char text[PAYLOAD_MAX];
	unsigned int count = 0;
	size_t size = 0;
	int err;

	list_for_each_entry(buffer, &channel->send_queue, send) {
		if (!is_transfer(buffer) || size + SDB_MESSAGE_TRANSFER_MAX > sizeof(text))
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

	/* Before it is sent: the confirmation may be faster than we are. */
	spin_lock_irq(&channel->delivery_lock);
	buffer->acks_due++;
	spin_unlock_irq(&channel->delivery_lock);

	err = try_send(channel, text,
		       sdb_message_announce(text, buffer->index, buffer->address, 0));
	if (err) {
		spin_lock_irq(&channel->delivery_lock);
		buffer->acks_due--;
		spin_unlock_irq(&channel->delivery_lock);
		return err;
	}
	buffer->must_withdraw = false;
	list_del_init(&buffer->send);
	return 0;
}

static int send_next(struct sdb_channel *channel)
{
	struct sdb_buffer *buffer;
	int err;

	if (READ_ONCE(channel->must_say_features))
		return send_features(channel);

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

/* With send_lock held. */
static void send_queued(struct sdb_channel *channel)
{
	int err = 0;

	lockdep_assert_held(&channel->send_lock);
	if (!channel->rpdev)
		return;

	while (!err && (READ_ONCE(channel->must_say_features) || !list_empty(&channel->send_queue)))
		err = send_next(channel);

	if (!err) {
		channel->send_delay = DELAY_MIN;
		wake_up_interruptible(&channel->sent);
		return;
	}
	/* A full ring passes. So may any other error, and there is nobody to tell. */
	if (err != -EAGAIN)
		dev_notice_ratelimited(&channel->dev, "cannot send: error %d\n", err);
	queue_delayed_work(system_wq, &channel->send_work, channel->send_delay);
	channel->send_delay = min(channel->send_delay * 2, DELAY_MAX);
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
	} else if (buffer->must_hand_over) {
		err = -EAGAIN;
	} else {
		buffer->must_hand_over = true;
		buffer->hand_over_length = length;
		/* It may be in there with its announcement. */
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
	init_waitqueue_head(&channel->sent);
	channel->send_delay = DELAY_MIN;
}

void sdb_send_stop(struct sdb_channel *channel)
{
	mutex_lock(&channel->send_lock);
	channel->rpdev = NULL;
	mutex_unlock(&channel->send_lock);

	/* It takes send_lock and nothing else, so this waits for no more than one attempt. */
	cancel_delayed_work_sync(&channel->send_work);
	wake_up_all(&channel->sent);
}
