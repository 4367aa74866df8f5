/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_IOCTL_H
#define RPMSG_SDB_IOCTL_H

struct file;

/* The file's private data is the session. */
long sdb_ioctl(struct file *file, unsigned int command, unsigned long argument);

#endif /* RPMSG_SDB_IOCTL_H */
