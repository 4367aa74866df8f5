// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: where it comes from, how it is mapped, and when it may go.
 *
 * The one rule: memory that a running coprocessor was told of does not go back
 * to Linux. A buffer whose last reference is dropped is retired instead.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "coprocessor.h"
#include "memory.h"
#include "parameters.h"
#include "trace.h"
#include "uapi/rpmsg_sdb.h"

/* With coprocessor->lock held, as all functions that count. */
static void count_buffer(struct sdb_coprocessor *coprocessor, struct sdb_buffer *buffer, int by)
{
	lockdep_assert_held(&coprocessor->lock);
	coprocessor->buffers += by;
	coprocessor->bytes += (s64)buffer->size * by;
}

static void count_retired(struct sdb_coprocessor *coprocessor, struct sdb_buffer *buffer, int by)
{
	lockdep_assert_held(&coprocessor->lock);
	coprocessor->retired_buffers += by;
	coprocessor->retired_bytes += (s64)buffer->size * by;
}

struct device *sdb_memory_device(struct sdb_buffer *buffer)
{
	return sdb_coprocessor_memory(buffer->coprocessor);
}

bool sdb_memory_is_reachable(struct device *memory, dma_addr_t address, size_t size)
{
	if ((u64)address + size <= sdb_address_limit())
		return true;
	dev_notice_ratelimited(memory, "memory at %pad is beyond address_limit\n", &address);
	return false;
}

enum dma_data_direction sdb_memory_direction(struct sdb_buffer *buffer)
{
	switch (buffer->flags & (RPMSG_SDB_FROM_COPROCESSOR | RPMSG_SDB_TO_COPROCESSOR)) {
	case RPMSG_SDB_FROM_COPROCESSOR:
		return DMA_FROM_DEVICE;
	case RPMSG_SDB_TO_COPROCESSOR:
		return DMA_TO_DEVICE;
	default:
		return DMA_BIDIRECTIONAL;
	}
}

void sdb_buffer_for_cpu(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	if (!buffer->ops->for_cpu || !size)
		return;
	trace_rpmsg_sdb_sync(buffer, true, offset, size);
	buffer->ops->for_cpu(buffer, offset, size);
}

void sdb_buffer_for_coprocessor(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	if (!buffer->ops->for_coprocessor || !size)
		return;
	trace_rpmsg_sdb_sync(buffer, false, offset, size);
	buffer->ops->for_coprocessor(buffer, offset, size);
}

static void free_buffer(struct sdb_buffer *buffer)
{
	struct sdb_coprocessor *coprocessor = buffer->coprocessor;

	trace_rpmsg_sdb_free(buffer);
	buffer->ops->free(buffer);
	kfree(buffer);
	sdb_coprocessor_put(coprocessor);
}

bool sdb_buffer_is_reusable(struct sdb_buffer *buffer)
{
	return !buffer->ops->is_reusable || buffer->ops->is_reusable(buffer);
}

/* Retired memory of this index, size and kind, taken out of the list. */
static struct sdb_buffer *take_retired(struct sdb_coprocessor *coprocessor, u32 index, size_t size,
				       u32 flags)
{
	struct sdb_buffer *buffer;

	list_for_each_entry(buffer, &coprocessor->retired, retired) {
		if (buffer->index != index || buffer->size != size || buffer->flags != flags ||
		    !sdb_buffer_is_reusable(buffer))
			continue;
		list_del(&buffer->retired);
		count_retired(coprocessor, buffer, -1);
		return buffer;
	}
	return NULL;
}

/* Count a buffer, if the limit allows it. */
static int reserve_bytes(struct sdb_coprocessor *coprocessor, struct sdb_buffer *buffer)
{
	u64 limit = sdb_max_bytes();
	int err = 0;

	mutex_lock(&coprocessor->lock);
	if (buffer->size > limit || coprocessor->bytes > limit - buffer->size)
		err = -EDQUOT;
	else
		count_buffer(coprocessor, buffer, 1);
	mutex_unlock(&coprocessor->lock);
	return err;
}

static void return_bytes(struct sdb_coprocessor *coprocessor, struct sdb_buffer *buffer)
{
	mutex_lock(&coprocessor->lock);
	count_buffer(coprocessor, buffer, -1);
	mutex_unlock(&coprocessor->lock);
}

static struct sdb_buffer *buffer_create(struct sdb_coprocessor *coprocessor, u32 index)
{
	struct sdb_buffer *buffer;

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return NULL;
	kref_init(&buffer->refs);
	kref_get(&coprocessor->refs);
	buffer->coprocessor = coprocessor;
	buffer->index = index;
	INIT_LIST_HEAD(&buffer->pending);
	INIT_LIST_HEAD(&buffer->send);
	INIT_LIST_HEAD(&buffer->withdrawn);
	return buffer;
}

/* One that has no memory. */
static void buffer_destroy(struct sdb_buffer *buffer)
{
	sdb_coprocessor_put(buffer->coprocessor);
	kfree(buffer);
}

static int allocate_memory(struct sdb_buffer *buffer, size_t allocated)
{
	buffer->allocated = allocated;
	return buffer->flags & RPMSG_SDB_CACHED ? sdb_cached_allocate(buffer) :
						  sdb_coherent_allocate(buffer);
}

static struct sdb_buffer *allocate_new(struct sdb_coprocessor *coprocessor, u32 index, size_t size,
				       u32 flags)
{
	struct sdb_buffer *buffer;
	int err;

	/* The CPU caches Linux's own memory only, and that lies outside the region. */
	if (flags & RPMSG_SDB_CACHED && coprocessor->has_region)
		return ERR_PTR(-EOPNOTSUPP);
	buffer = buffer_create(coprocessor, index);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->size = size;
	buffer->flags = flags;

	err = reserve_bytes(coprocessor, buffer);
	if (err)
		goto destroy;
	err = allocate_memory(buffer, size);
	/*
	 * For a single page the DMA layer of some architectures does not ask the contiguous
	 * area, which may lie within the limit where free memory does not.
	 */
	if (err && size == PAGE_SIZE)
		err = allocate_memory(buffer, 2 * PAGE_SIZE);
	if (err)
		goto uncount;
	sdb_buffer_for_coprocessor(buffer, 0, size);
	return buffer;

uncount:
	return_bytes(coprocessor, buffer);
destroy:
	buffer_destroy(buffer);
	return ERR_PTR(err);
}

struct sdb_buffer *sdb_buffer_allocate(struct sdb_coprocessor *coprocessor, u32 index, size_t size,
				       u32 flags)
{
	struct sdb_buffer *buffer;

	mutex_lock(&coprocessor->lock);
	buffer = take_retired(coprocessor, index, size, flags);
	mutex_unlock(&coprocessor->lock);
	if (!buffer)
		return allocate_new(coprocessor, index, size, flags);

	kref_init(&buffer->refs);
	buffer->acks_due = 0;
	buffer->announced = false;
	sdb_buffer_renew(buffer);
	/* The caller has the device open, which holds the module from here on. */
	module_put(THIS_MODULE);
	return buffer;
}

struct sdb_buffer *sdb_buffer_import(struct sdb_coprocessor *coprocessor, u32 index, int fd)
{
	struct sdb_buffer *buffer;
	int err;

	buffer = buffer_create(coprocessor, index);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	err = sdb_imported_attach(buffer, fd);
	if (err)
		goto destroy;
	err = reserve_bytes(coprocessor, buffer);
	if (err)
		goto detach;
	sdb_buffer_for_coprocessor(buffer, 0, buffer->size);
	return buffer;

detach:
	buffer->ops->free(buffer);
destroy:
	buffer_destroy(buffer);
	return ERR_PTR(err);
}

void sdb_buffer_renew(struct sdb_buffer *buffer)
{
	/* Its last owner's data is nobody else's business. */
	buffer->ops->zero(buffer);
	sdb_buffer_for_coprocessor(buffer, 0, buffer->size);
	buffer->missed = 0;
	buffer->sequence = 0;
	buffer->untold = false;
	trace_rpmsg_sdb_reuse(buffer);
}

static void buffer_release(struct kref *refs)
{
	struct sdb_buffer *buffer = container_of(refs, struct sdb_buffer, refs);
	struct sdb_coprocessor *coprocessor = buffer->coprocessor;
	bool retire;

	/* A queue that still held it would outlive it. */
	WARN_ON(!list_empty(&buffer->send));

	/* Nothing of the CPU's caches is to be written over what the coprocessor writes now. */
	sdb_buffer_for_coprocessor(buffer, 0, buffer->size);

	mutex_lock(&coprocessor->lock);
	retire = buffer->known && buffer->life >= coprocessor->ended;
	if (retire) {
		/* Without the module nobody could free it: see sdb_buffers_release_ended(). */
		__module_get(THIS_MODULE);
		list_add_tail(&buffer->retired, &coprocessor->retired);
		count_retired(coprocessor, buffer, 1);
		trace_rpmsg_sdb_retire(buffer);
	} else {
		count_buffer(coprocessor, buffer, -1);
	}
	mutex_unlock(&coprocessor->lock);

	if (!retire)
		free_buffer(buffer);
}

void sdb_buffer_put(struct sdb_buffer *buffer)
{
	kref_put(&buffer->refs, buffer_release);
}

void sdb_buffers_release_ended(struct sdb_coprocessor *coprocessor)
{
	struct sdb_buffer *buffer, *next;
	LIST_HEAD(over);

	mutex_lock(&coprocessor->lock);
	list_for_each_entry_safe(buffer, next, &coprocessor->retired, retired) {
		if (buffer->life >= coprocessor->ended)
			continue;
		list_move(&buffer->retired, &over);
		count_retired(coprocessor, buffer, -1);
		count_buffer(coprocessor, buffer, -1);
	}
	mutex_unlock(&coprocessor->lock);

	list_for_each_entry_safe(buffer, next, &over, retired) {
		free_buffer(buffer);
		module_put(THIS_MODULE);
	}
}
