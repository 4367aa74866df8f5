/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_RECEIVE_H
#define RPMSG_SDB_RECEIVE_H

#include <linux/types.h>

struct rpmsg_device;

/* The endpoint's callback. The rpmsg device's drvdata is the channel, or NULL. */
int sdb_receive(struct rpmsg_device *rpdev, void *data, int size, void *priv, u32 source);

#endif /* RPMSG_SDB_RECEIVE_H */
