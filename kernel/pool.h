/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_POOL_H
#define RPMSG_SDB_POOL_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "region.h"

struct device;
struct device_node;
struct platform_device;

/**
 * struct sdb_pool - where the buffers of one coprocessor get their memory
 * @refs: held by each channel, each buffer, and each work item that is queued
 * @release: called when the last reference is dropped; must not sleep for long
 * @platform: the device that memory is allocated from
 * @region: of the device tree. If it is not empty, all buffers come from it. Constant
 * @has_pages: the memory has struct pages. False for a region that Linux does not map
 *	       as its own memory; that one belongs to @platform. Constant
 *
 * @lock: protects what follows
 * @ended: all lives of the coprocessor below this number are over. It was reset
 *	   after them, and can no longer write to memory it was told of in them
 * @retired: buffers without a reference that the coprocessor may still write to
 * @buffers: buffers that have memory, retired ones included
 * @bytes: the memory of all of them
 * @retired_buffers: length of @retired
 * @retired_bytes: the memory in @retired
 */
struct sdb_pool {
	struct kref refs;
	void (*release)(struct kref *refs);
	struct platform_device *platform;
	struct sdb_region region;
	bool has_pages;

	struct mutex lock; /* see above */
	u32 ended;
	struct list_head retired;
	unsigned int buffers;
	u64 bytes;
	unsigned int retired_buffers;
	u64 retired_bytes;
};

/*
 * Make a pool with one reference. @remote: the remote processor's node, or NULL. 0 or
 * an error. May sleep.
 */
int sdb_pool_init(struct sdb_pool *pool, struct device_node *remote,
		  void (*release)(struct kref *refs));

/* Undo it, once the last reference is gone. May sleep. */
void sdb_pool_destroy(struct sdb_pool *pool);

void sdb_pool_put(struct sdb_pool *pool);

struct device *sdb_pool_device(struct sdb_pool *pool);

/* The region that memory comes from, or NULL. */
const struct sdb_region *sdb_pool_region(struct sdb_pool *pool);

/* Count @bytes of a new buffer. -EDQUOT if the module's limit does not allow it. */
int sdb_pool_reserve(struct sdb_pool *pool, size_t bytes);

/* Count a buffer that lost its memory, or is about to. With @lock held: */
void sdb_pool_return(struct sdb_pool *pool, size_t bytes);

#endif /* RPMSG_SDB_POOL_H */
