// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sysfs tells of a channel, in its class device. pool.c tells of the memory.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "channel.h"
#include "statistics.h"

#define COUNTER(_name, _field) \
	static ssize_t _name##_show(struct device *device, struct device_attribute *attribute, \
				    char *text) \
	{ \
		struct sdb_channel *channel = dev_get_drvdata(device); \
		u64 value; \
\
		spin_lock_irq(&channel->delivery_lock); \
		value = channel->_field; \
		spin_unlock_irq(&channel->delivery_lock); \
		return sysfs_emit(text, "%llu\n", value); \
	} \
	static DEVICE_ATTR_RO(_name)

COUNTER(transfers, transfers);
COUNTER(missed, missed);
COUNTER(dropped_malformed, drops[SDB_DROP_MALFORMED]);
COUNTER(dropped_unexpected, drops[SDB_DROP_UNEXPECTED]);
COUNTER(dropped_unknown_buffer, drops[SDB_DROP_UNKNOWN]);
COUNTER(dropped_too_long, drops[SDB_DROP_LENGTH]);
COUNTER(unsent, unsent);

static ssize_t peer_show(struct device *device, struct device_attribute *attribute, char *text)
{
	struct sdb_channel *channel = dev_get_drvdata(device);

	return sysfs_emit(text, "%#x\n", READ_ONCE(channel->peer));
}
static DEVICE_ATTR_RO(peer);

static struct attribute *channel_attrs[] = {
	&dev_attr_transfers.attr,
	&dev_attr_missed.attr,
	&dev_attr_dropped_malformed.attr,
	&dev_attr_dropped_unexpected.attr,
	&dev_attr_dropped_unknown_buffer.attr,
	&dev_attr_dropped_too_long.attr,
	&dev_attr_unsent.attr,
	&dev_attr_peer.attr,
	NULL,
};
ATTRIBUTE_GROUPS(channel);

const struct attribute_group **sdb_channel_attributes = channel_groups;
