// SPDX-License-Identifier: GPL-2.0-only
/*
 * The coprocessor to Linux. The callback may run in an interrupt. On STM32 it
 * runs with rproc->lock held. So it does not allocate and does not sleep. A
 * malformed message costs it no more than a good one.
 */
#include <linux/eventfd.h>
#include <linux/poll.h>
#include <linux/rpmsg.h>
#include <linux/timekeeping.h>

#include "buffer.h"
#include "channel.h"
#include "compat.h"
#include "coprocessor.h"
#include "message.h"
#include "receive.h"
#include "trace.h"
#include "uapi/rpmsg_sdb.h"

static void deliver(struct sdb_channel *channel, struct sdb_buffer *buffer, u32 length, u64 now)
{
	channel->transfers++;
	if (list_empty(&buffer->pending)) {
		list_add_tail(&buffer->pending, &buffer->inbox->pending);
	} else {
		buffer->missed++;
		channel->missed++;
	}
	buffer->length = length;
	buffer->timestamp = now;
	trace_rpmsg_sdb_transfer(buffer->index, length, buffer->sequence, buffer->missed);
	buffer->sequence++;

	if (buffer->eventfd)
		eventfd_signal(buffer->eventfd);
	else
		buffer->untold = true;
	wake_up_interruptible_poll(&buffer->inbox->waiters, EPOLLIN | EPOLLRDNORM);
}

static void take_features(struct sdb_channel *channel, u32 peer)
{
	struct sdb_inbox *inbox;

	/* A set of bits is answered once. Otherwise two who both answer would never end. */
	if (channel->peer_spoke && channel->peer == peer)
		return;
	channel->peer_spoke = true;
	WRITE_ONCE(channel->peer, peer);
	channel->confirms = peer & RPMSG_SDB_PEER_WITHDRAWAL;
	sdb_coprocessor_said(channel->coprocessor, peer);
	WRITE_ONCE(channel->must_say_features, true);
	/* Who polls for writing may be able to write now. */
	list_for_each_entry(inbox, &channel->inboxes, link)
		wake_up_interruptible_poll(&inbox->waiters, EPOLLOUT | EPOLLWRNORM);
	/* A work item sends it, since sending takes a mutex. */
	schedule_delayed_work(&channel->send_work, 0);
}

static enum sdb_drop take_record(struct sdb_channel *channel, const struct sdb_record *record,
				 u64 now)
{
	struct sdb_buffer *buffer;

	if (record->announces)
		return SDB_DROP_UNEXPECTED;
	if (record->index == SDB_MESSAGE_FEATURES_INDEX) {
		take_features(channel, record->length & SDB_FEATURES);
		return SDB_DROP_NONE;
	}
	buffer = xa_load(&channel->by_index, record->index);
	if (!buffer)
		return SDB_DROP_UNKNOWN;
	if (!record->length && buffer->acks_due) {
		if (!--buffer->acks_due && !buffer->inbox)
			schedule_work(&channel->settle_work);
		return SDB_DROP_NONE;
	}
	/*
	 * This confirmation comes late, from a channel that is gone. A coprocessor that
	 * confirms sends length 0 for nothing else (PROTOCOL.md), so it is no transfer of
	 * the buffer that has the index now.
	 */
	if (!record->length && channel->confirms)
		return SDB_DROP_UNEXPECTED;
	if (!buffer->inbox)
		return SDB_DROP_UNKNOWN;
	if (record->length > buffer->memory.size)
		return SDB_DROP_LENGTH;
	deliver(channel, buffer, record->length, now);
	return SDB_DROP_NONE;
}

/* Count a drop. Returns its reason as a bit if it is the first of its kind on the channel. */
static unsigned long count_drop(struct sdb_channel *channel, enum sdb_drop drop)
{
	return channel->drops[drop]++ ? 0 : BIT(drop);
}

/* Take all records of a payload. Returns reasons, as bits, for which a record was dropped first. */
static unsigned long take_payload(struct sdb_channel *channel, const char *payload, size_t size)
{
	u64 now = ktime_get_ns();
	struct sdb_record record;
	unsigned long news = 0;
	enum sdb_drop drop;
	size_t taken;

	size = sdb_message_trim(payload, size);
	do {
		taken = sdb_message_parse(payload, size, &record);
		drop = taken ? take_record(channel, &record, now) : SDB_DROP_MALFORMED;
		if (drop) {
			news |= count_drop(channel, drop);
			trace_rpmsg_sdb_drop(drop, taken ? record.index : 0,
					     taken ? record.length : 0);
		}
		payload += taken;
		size -= taken;
	} while (taken && size);
	return news;
}

static const char *const drop_names[SDB_DROPS] = {
	[SDB_DROP_MALFORMED] = "a malformed message",
	[SDB_DROP_UNEXPECTED] = "an announcement, or a confirmation nobody asked for",
	[SDB_DROP_UNKNOWN] = "a transfer of an unknown buffer",
	[SDB_DROP_LENGTH] = "a transfer longer than its buffer",
};

int sdb_receive(struct rpmsg_device *rpdev, void *data, int size, void *priv, u32 source)
{
	struct sdb_channel *channel;
	unsigned long news = 0;
	unsigned long flags;
	unsigned int drop;

	/* remove() waits for this section before it lets the channel go. */
	rcu_read_lock();
	channel = dev_get_drvdata(&rpdev->dev);
	if (channel) {
		spin_lock_irqsave(&channel->delivery_lock, flags);
		if (!channel->gone)
			news = take_payload(channel, data, size);
		spin_unlock_irqrestore(&channel->delivery_lock, flags);
	}
	rcu_read_unlock();

	/*
	 * Once a channel: firmware that streams on after its application died would fill
	 * the log.
	 */
	for_each_set_bit(drop, &news, SDB_DROPS)
		dev_notice(&rpdev->dev, "dropped %s; from now on only counted\n", drop_names[drop]);
	return 0;
}
