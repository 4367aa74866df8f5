// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: where it comes from, how it is mapped, and when it may go.
 *
 * The one rule: memory that a running coprocessor was told of does not go back
 * to Linux. A buffer whose last reference is dropped is retired instead.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "coprocessor.h"
#include "parameters.h"
#include "trace.h"

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

static void free_buffer(struct sdb_buffer *buffer)
{
	struct sdb_coprocessor *coprocessor = buffer->coprocessor;

	trace_rpmsg_sdb_free(buffer);
	dma_free_wc(sdb_coprocessor_memory(coprocessor), buffer->size, buffer->cpu,
		    buffer->address);
	kfree(buffer);
	sdb_coprocessor_put(coprocessor);
}

/* Retired memory of this index and size, taken out of the list. */
static struct sdb_buffer *take_retired(struct sdb_coprocessor *coprocessor, u32 index, size_t size)
{
	struct sdb_buffer *buffer;

	list_for_each_entry(buffer, &coprocessor->retired, retired) {
		if (buffer->index != index || buffer->size != size)
			continue;
		list_del(&buffer->retired);
		count_retired(coprocessor, buffer, -1);
		return buffer;
	}
	return NULL;
}

static int allocate_memory(struct sdb_buffer *buffer, struct device *memory)
{
	/*
	 * For large sizes the caller's wish is worth some reclaim, and nobody's
	 * life: better no buffer than the OOM killer.
	 */
	buffer->cpu = dma_alloc_wc(memory, buffer->size, &buffer->address,
				   GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
	if (!buffer->cpu)
		return -ENOMEM;
	/* Seen with dma-ranges that do not cover the memory: a pointer, and no address. */
	if (dma_mapping_error(memory, buffer->address))
		return -ENOMEM;
	if ((u64)buffer->address + buffer->size > sdb_address_limit()) {
		dev_notice_ratelimited(memory, "memory at %pad is beyond address_limit\n",
				       &buffer->address);
		dma_free_wc(memory, buffer->size, buffer->cpu, buffer->address);
		return -ENOMEM;
	}
	return 0;
}

/* The size is in the limits, and @buffer is counted when this returns 0. */
static int reserve_bytes(struct sdb_coprocessor *coprocessor, struct sdb_buffer *buffer)
{
	if (buffer->size > sdb_max_bytes() || coprocessor->bytes > sdb_max_bytes() - buffer->size)
		return -EDQUOT;
	count_buffer(coprocessor, buffer, 1);
	return 0;
}

static struct sdb_buffer *create_buffer(struct sdb_coprocessor *coprocessor, u32 index, size_t size)
{
	struct sdb_buffer *buffer;
	int err;

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	kref_init(&buffer->refs);
	buffer->size = size;
	buffer->index = index;
	INIT_LIST_HEAD(&buffer->pending);
	INIT_LIST_HEAD(&buffer->send);
	INIT_LIST_HEAD(&buffer->withdrawn);

	mutex_lock(&coprocessor->lock);
	err = reserve_bytes(coprocessor, buffer);
	mutex_unlock(&coprocessor->lock);
	if (err)
		goto free;

	err = allocate_memory(buffer, sdb_coprocessor_memory(coprocessor));
	if (err)
		goto uncount;

	kref_get(&coprocessor->refs);
	buffer->coprocessor = coprocessor;
	return buffer;

uncount:
	mutex_lock(&coprocessor->lock);
	count_buffer(coprocessor, buffer, -1);
	mutex_unlock(&coprocessor->lock);
free:
	kfree(buffer);
	return ERR_PTR(err);
}

struct sdb_buffer *sdb_buffer_get_memory(struct sdb_coprocessor *coprocessor, u32 index,
					 size_t size)
{
	struct sdb_buffer *buffer;

	mutex_lock(&coprocessor->lock);
	buffer = take_retired(coprocessor, index, size);
	mutex_unlock(&coprocessor->lock);

	if (buffer) {
		kref_init(&buffer->refs);
		buffer->acks_due = 0;
		sdb_buffer_renew(buffer);
		/* The caller has the device open, which holds the module from here on. */
		module_put(THIS_MODULE);
		return buffer;
	}
	return create_buffer(coprocessor, index, size);
}

void sdb_buffer_renew(struct sdb_buffer *buffer)
{
	/* Its last owner's data is nobody else's business. */
	memset(buffer->cpu, 0, buffer->size);
	buffer->missed = 0;
	buffer->sequence = 0;
	buffer->untold = false;
	trace_rpmsg_sdb_reuse(buffer);
}

static void buffer_release(struct kref *refs)
{
	struct sdb_buffer *buffer = container_of(refs, struct sdb_buffer, refs);
	struct sdb_coprocessor *coprocessor = buffer->coprocessor;
	bool known;

	mutex_lock(&coprocessor->lock);
	known = buffer->known && buffer->life >= coprocessor->ended;
	if (known) {
		/* Without the module nobody could free it: see sdb_buffers_release_ended(). */
		__module_get(THIS_MODULE);
		list_add_tail(&buffer->retired, &coprocessor->retired);
		count_retired(coprocessor, buffer, 1);
		trace_rpmsg_sdb_retire(buffer);
	} else {
		count_buffer(coprocessor, buffer, -1);
	}
	mutex_unlock(&coprocessor->lock);

	if (!known)
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

static void buffer_vma_open(struct vm_area_struct *vma)
{
	struct sdb_buffer *buffer = vma->vm_private_data;

	kref_get(&buffer->refs);
}

static void buffer_vma_close(struct vm_area_struct *vma)
{
	sdb_buffer_put(vma->vm_private_data);
}

static const struct vm_operations_struct buffer_vm_ops = {
	.open = buffer_vma_open,
	.close = buffer_vma_close,
};

int sdb_buffer_map(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	unsigned long offset = vma->vm_pgoff;
	int err;

	if (!(vma->vm_flags & VM_SHARED)) {
		/*
		 * Existing applications map private and write. Copy on write
		 * would cut them off from the coprocessor, so the mapping shares
		 * all the same: its pages are writable as those of a shared one,
		 * and without VM_MAYWRITE it is none that fork() or a fault
		 * copies. The price is that mprotect() cannot make it writable
		 * again.
		 */
		if (vma->vm_flags & VM_WRITE && !(vma->vm_file->f_mode & FMODE_WRITE))
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags | VM_SHARED);
	}

	/* The offset told which buffer; the DMA layer would take it for a place in it. */
	vma->vm_pgoff = 0;
	err = dma_mmap_wc(sdb_coprocessor_memory(buffer->coprocessor), vma, buffer->cpu,
			  buffer->address, buffer->size);
	vma->vm_pgoff = offset;
	if (err) {
		/* The memory may be free before mmap() has taken back what was mapped of it. */
		zap_vma_ptes(vma, vma->vm_start, vma->vm_end - vma->vm_start);
		return err;
	}

	kref_get(&buffer->refs);
	vma->vm_private_data = buffer;
	vma->vm_ops = &buffer_vm_ops;
	return 0;
}
