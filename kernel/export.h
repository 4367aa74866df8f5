/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_EXPORT_H
#define RPMSG_SDB_EXPORT_H

#include <linux/types.h>

struct dma_buf;
struct sdb_buffer;

/*
 * A new dma-buf of a buffer, which holds a reference of it, or an error pointer:
 * -EOPNOTSUPP or -ENOMEM. @writable: the dma-buf may be mapped for writing.
 */
struct dma_buf *sdb_buffer_export(struct sdb_buffer *buffer, bool writable);

#endif /* RPMSG_SDB_EXPORT_H */
