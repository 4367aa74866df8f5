// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers: how they get memory, and when the memory may go.
 *
 * There is one rule. Memory that a running coprocessor was told of does not go
 * back to Linux. A buffer whose last reference is dropped is retired instead.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "memory_cached.h"
#include "memory_coherent.h"
#include "memory_imported.h"
#include "pool.h"
#include "trace.h"
#include "uapi/rpmsg_sdb.h"

void sdb_buffer_for_cpu(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	struct sdb_memory *memory = &buffer->memory;

	if (!memory->ops->for_cpu || !size)
		return;
	trace_rpmsg_sdb_sync(buffer->index, true, offset, size);
	memory->ops->for_cpu(memory, offset, size);
}

void sdb_buffer_for_coprocessor(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	struct sdb_memory *memory = &buffer->memory;

	if (!memory->ops->for_coprocessor || !size)
		return;
	trace_rpmsg_sdb_sync(buffer->index, false, offset, size);
	memory->ops->for_coprocessor(memory, offset, size);
}

static struct sdb_buffer *buffer_create(struct sdb_pool *pool, u32 index)
{
	struct sdb_buffer *buffer;

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return NULL;
	kref_init(&buffer->refs);
	kref_get(&pool->refs);
	buffer->pool = pool;
	buffer->memory.device = sdb_pool_device(pool);
	buffer->memory.region = sdb_pool_region(pool);
	buffer->index = index;
	INIT_LIST_HEAD(&buffer->pending);
	INIT_LIST_HEAD(&buffer->send);
	INIT_LIST_HEAD(&buffer->withdrawn);
	return buffer;
}

/* Undo buffer_create(): the buffer has no memory. */
static void buffer_destroy(struct sdb_buffer *buffer)
{
	sdb_pool_put(buffer->pool);
	kfree(buffer);
}

static void free_buffer(struct sdb_buffer *buffer)
{
	struct sdb_memory *memory = &buffer->memory;

	trace_rpmsg_sdb_free(buffer->index, memory->address, memory->size);
	memory->ops->free(memory);
	buffer_destroy(buffer);
}

bool sdb_buffer_is_reusable(struct sdb_buffer *buffer)
{
	struct sdb_memory *memory = &buffer->memory;

	return !memory->ops->is_reusable || memory->ops->is_reusable(memory);
}

/* With pool->lock held. */
static void count_retired(struct sdb_buffer *buffer, int by)
{
	struct sdb_pool *pool = buffer->pool;

	lockdep_assert_held(&pool->lock);
	pool->retired_buffers += by;
	pool->retired_bytes += (s64)buffer->memory.size * by;
}

/* Retired memory of this index, size and kind, taken out of the list. */
static struct sdb_buffer *take_retired(struct sdb_pool *pool, u32 index, size_t size, u32 flags)
{
	struct sdb_buffer *buffer;

	list_for_each_entry(buffer, &pool->retired, retired) {
		if (buffer->index != index || buffer->memory.size != size ||
		    buffer->memory.flags != flags || !sdb_buffer_is_reusable(buffer))
			continue;
		list_del(&buffer->retired);
		count_retired(buffer, -1);
		return buffer;
	}
	return NULL;
}

static void return_bytes(struct sdb_buffer *buffer)
{
	struct sdb_pool *pool = buffer->pool;

	mutex_lock(&pool->lock);
	sdb_pool_return(pool, buffer->memory.size);
	mutex_unlock(&pool->lock);
}

static int allocate_memory(struct sdb_memory *memory, size_t allocated)
{
	memory->allocated = allocated;
	return memory->flags & RPMSG_SDB_CACHED ? sdb_cached_allocate(memory) :
						  sdb_coherent_allocate(memory);
}

static struct sdb_buffer *allocate_new(struct sdb_pool *pool, u32 index, size_t size, u32 flags)
{
	struct sdb_buffer *buffer;
	int err;

	/* The CPU can only cache memory that has struct pages: they are what is synchronised. */
	if (flags & RPMSG_SDB_CACHED && !pool->has_pages)
		return ERR_PTR(-EOPNOTSUPP);
	buffer = buffer_create(pool, index);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->memory.size = size;
	buffer->memory.flags = flags;
	buffer->memory.direction = sdb_memory_direction(flags);

	err = sdb_pool_reserve(pool, size);
	if (err)
		goto destroy;
	err = allocate_memory(&buffer->memory, size);
	/*
	 * The DMA layer of some architectures takes a single page from free memory, which may
	 * lie beyond the limit. It takes two from the contiguous area, which may lie below it.
	 */
	if (err && size == PAGE_SIZE)
		err = allocate_memory(&buffer->memory, 2 * PAGE_SIZE);
	if (err)
		goto uncount;
	sdb_buffer_for_coprocessor(buffer, 0, size);
	return buffer;

uncount:
	return_bytes(buffer);
destroy:
	buffer_destroy(buffer);
	return ERR_PTR(err);
}

struct sdb_buffer *sdb_buffer_allocate(struct sdb_pool *pool, u32 index, size_t size, u32 flags)
{
	struct sdb_buffer *buffer;

	mutex_lock(&pool->lock);
	buffer = take_retired(pool, index, size, flags);
	mutex_unlock(&pool->lock);
	if (!buffer)
		return allocate_new(pool, index, size, flags);

	kref_init(&buffer->refs);
	buffer->acks_due = 0;
	buffer->announced = false;
	sdb_buffer_renew(buffer);
	/* The caller has the device open. From here on that holds the module. */
	module_put(THIS_MODULE);
	return buffer;
}

struct sdb_buffer *sdb_buffer_import(struct sdb_pool *pool, u32 index, int fd)
{
	struct sdb_buffer *buffer;
	int err;

	buffer = buffer_create(pool, index);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	err = sdb_imported_attach(&buffer->memory, fd);
	if (err)
		goto destroy;
	err = sdb_pool_reserve(pool, buffer->memory.size);
	if (err)
		goto detach;
	sdb_buffer_for_coprocessor(buffer, 0, buffer->memory.size);
	return buffer;

detach:
	buffer->memory.ops->free(&buffer->memory);
destroy:
	buffer_destroy(buffer);
	return ERR_PTR(err);
}

void sdb_buffer_renew(struct sdb_buffer *buffer)
{
	struct sdb_memory *memory = &buffer->memory;

	/* Whoever had the memory before may have exported it. Nobody has that dma-buf any more. */
	memory->direction = sdb_memory_direction(memory->flags);
	/* The next owner must not see the data of the last one. */
	memory->ops->zero(memory);
	sdb_buffer_for_coprocessor(buffer, 0, memory->size);
	buffer->missed = 0;
	buffer->sequence = 0;
	buffer->untold = false;
	trace_rpmsg_sdb_reuse(buffer->index, memory->address, memory->size);
}

static void buffer_release(struct kref *refs)
{
	struct sdb_buffer *buffer = container_of(refs, struct sdb_buffer, refs);
	struct sdb_memory *memory = &buffer->memory;
	struct sdb_pool *pool = buffer->pool;
	bool retire;

	/* A queue that still had the buffer would outlive it. */
	WARN_ON(!list_empty(&buffer->send));

	/* From now on the CPU's caches must not be written over what the coprocessor writes. */
	sdb_buffer_for_coprocessor(buffer, 0, memory->size);

	mutex_lock(&pool->lock);
	retire = buffer->known && buffer->life >= pool->ended;
	if (retire) {
		/* Only the module can free it: see sdb_buffers_release_ended(). */
		__module_get(THIS_MODULE);
		list_add_tail(&buffer->retired, &pool->retired);
		count_retired(buffer, 1);
		trace_rpmsg_sdb_retire(buffer->index, memory->address, memory->size);
	} else {
		sdb_pool_return(pool, memory->size);
	}
	mutex_unlock(&pool->lock);

	if (!retire)
		free_buffer(buffer);
}

void sdb_buffer_put(struct sdb_buffer *buffer)
{
	kref_put(&buffer->refs, buffer_release);
}

void sdb_buffers_release_ended(struct sdb_pool *pool)
{
	struct sdb_buffer *buffer, *next;
	LIST_HEAD(over);

	mutex_lock(&pool->lock);
	list_for_each_entry_safe(buffer, next, &pool->retired, retired) {
		if (buffer->life >= pool->ended)
			continue;
		list_move(&buffer->retired, &over);
		count_retired(buffer, -1);
		sdb_pool_return(pool, buffer->memory.size);
	}
	mutex_unlock(&pool->lock);

	list_for_each_entry_safe(buffer, next, &over, retired) {
		free_buffer(buffer);
		module_put(THIS_MODULE);
	}
}
