/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_TRANSFER_H
#define RPMSG_SDB_TRANSFER_H

#include <linux/types.h>

struct iov_iter;
struct kiocb;
struct rpmsg_sdb_ioctl_get_data_size;
struct sdb_session;

/* read() and write() of records. The file's private data is the session. */
ssize_t sdb_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t sdb_write(struct kiocb *iocb, struct iov_iter *from);

/* Version 1: the newest transfer's length, once. 0, -EFAULT, -EINVAL or -ERESTARTSYS. */
int sdb_get_data_size(struct sdb_session *session,
		      struct rpmsg_sdb_ioctl_get_data_size __user *argument);

#endif /* RPMSG_SDB_TRANSFER_H */
