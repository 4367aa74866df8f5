/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_MEMORY_IMPORTED_H
#define RPMSG_SDB_MEMORY_IMPORTED_H

struct sdb_memory;

/*
 * The memory of a dma-buf, as it is, for a @memory that has device and flags.
 * 0; -EBADF or -EINVAL @fd is no dma-buf; -EINVAL the memory is not contiguous
 * whole pages that the coprocessor can reach; or what its exporter said. May sleep.
 */
int sdb_imported_attach(struct sdb_memory *memory, int fd);

#endif /* RPMSG_SDB_MEMORY_IMPORTED_H */
