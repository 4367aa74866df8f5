/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_REGION_H
#define RPMSG_SDB_REGION_H

#include <linux/types.h>

struct device_node;
struct page;

/**
 * struct sdb_region - memory that is reserved for buffers, and has struct pages
 * @first: its first frame
 * @end: the frame after its last
 */
struct sdb_region {
	unsigned long first;
	unsigned long end;
};

/* Find the memory of a node of reserved-memory. 0 or -EINVAL: it cannot be used. */
int sdb_region_find(struct sdb_region *region, struct device_node *node);

/*
 * Contiguous pages of a region, below the limit of addresses, each with a reference.
 * NULL if there are none. Not zeroed. May sleep.
 */
struct page *sdb_region_allocate(const struct sdb_region *region, size_t size);

/* Drop the references. A page serves again once nobody has a reference on it. */
void sdb_region_free(struct page *first, size_t size);

/* Whether nobody but the buffer has a reference on its pages. */
bool sdb_region_is_idle(struct page *first, size_t size);

#endif /* RPMSG_SDB_REGION_H */
