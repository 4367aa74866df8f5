/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_STATISTICS_H
#define RPMSG_SDB_STATISTICS_H

struct attribute_group;

/* What sysfs tells of a channel. The class device's drvdata is the channel. */
extern const struct attribute_group **sdb_channel_attributes;

#endif /* RPMSG_SDB_STATISTICS_H */
