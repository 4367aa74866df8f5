// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sysfs tells: of a channel in its class device, of a coprocessor's
 * memory in the device that it comes from, which is there as long as memory is.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "channel.h"
#include "coprocessor.h"

#define CHANNEL_COUNTER(_name, _field) \
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attribute, \
				    char *text) \
	{ \
		struct sdb_channel *channel = dev_get_drvdata(dev); \
		u64 value; \
\
		spin_lock_irq(&channel->delivery_lock); \
		value = channel->_field; \
		spin_unlock_irq(&channel->delivery_lock); \
		return sysfs_emit(text, "%llu\n", value); \
	} \
	static DEVICE_ATTR_RO(_name)

CHANNEL_COUNTER(transfers, transfers);
CHANNEL_COUNTER(missed, missed);
CHANNEL_COUNTER(dropped_malformed, drops[SDB_DROP_MALFORMED]);
CHANNEL_COUNTER(dropped_unexpected, drops[SDB_DROP_UNEXPECTED]);
CHANNEL_COUNTER(dropped_unknown_buffer, drops[SDB_DROP_UNKNOWN]);
CHANNEL_COUNTER(dropped_too_long, drops[SDB_DROP_LENGTH]);

static ssize_t peer_show(struct device *dev, struct device_attribute *attribute, char *text)
{
	struct sdb_channel *channel = dev_get_drvdata(dev);

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
	&dev_attr_peer.attr,
	NULL,
};
ATTRIBUTE_GROUPS(channel);

const struct attribute_group **sdb_channel_attributes = channel_groups;

#define MEMORY_COUNTER(_name) \
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attribute, \
				    char *text) \
	{ \
		struct sdb_coprocessor *coprocessor = dev_get_drvdata(dev); \
		u64 value; \
\
		mutex_lock(&coprocessor->lock); \
		value = coprocessor->_name; \
		mutex_unlock(&coprocessor->lock); \
		return sysfs_emit(text, "%llu\n", value); \
	} \
	static DEVICE_ATTR_RO(_name)

MEMORY_COUNTER(buffers);
MEMORY_COUNTER(bytes);
MEMORY_COUNTER(retired_buffers);
MEMORY_COUNTER(retired_bytes);

static struct attribute *memory_attrs[] = {
	&dev_attr_buffers.attr,
	&dev_attr_bytes.attr,
	&dev_attr_retired_buffers.attr,
	&dev_attr_retired_bytes.attr,
	NULL,
};

const struct attribute_group sdb_memory_group = {
	.attrs = memory_attrs,
};
