/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_FILE_H
#define RPMSG_SDB_FILE_H

#include <linux/fs.h>

/* Of /dev/rpmsg_sdb. The inode's cdev is the channel's. */
extern const struct file_operations sdb_file_operations;

#endif /* RPMSG_SDB_FILE_H */
