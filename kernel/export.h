/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_EXPORT_H
#define RPMSG_SDB_EXPORT_H

#include <linux/types.h>

struct dma_buf;
struct sdb_buffer;

/*
 * A new dma-buf of @size bytes of a buffer, from @offset on, both whole pages. It has
 * a reference of the buffer. @writable: it may be mapped for writing. Returns an error
 * pointer: -EINVAL not a range of the buffer; -EOPNOTSUPP; -ENOMEM.
 */
struct dma_buf *sdb_buffer_export(struct sdb_buffer *buffer, u64 offset, u64 size, bool writable);

#endif /* RPMSG_SDB_EXPORT_H */
