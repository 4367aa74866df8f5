/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_MEMORY_COHERENT_H
#define RPMSG_SDB_MEMORY_COHERENT_H

struct sdb_memory;

/*
 * Write-combined memory, zeroed, for a @memory that has device, flags, size and
 * allocated. 0 or -ENOMEM. May sleep.
 */
int sdb_coherent_allocate(struct sdb_memory *memory);

#endif /* RPMSG_SDB_MEMORY_COHERENT_H */
