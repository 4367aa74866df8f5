// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the CPU caches: fast to read again and again, and synchronised
 * each time a buffer changes hands.
 *
 * Up to the largest block the page allocator has, it is made of single pages:
 * those can be pinned, so O_DIRECT, vmsplice() and io_uring's fixed buffers take
 * them. Larger memory comes from the DMA layer, is mapped by its frame numbers,
 * and cannot.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include "buffer.h"
#include "compat.h"
#include "memory.h"

/* All is mapped both ways; the syncs go the way that the buffer's flags let data go. */
static void cached_for_cpu(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	dma_sync_single_range_for_cpu(sdb_memory_device(buffer), buffer->address, offset, size,
				      sdb_memory_direction(buffer));
}

static void cached_for_coprocessor(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	dma_sync_single_range_for_device(sdb_memory_device(buffer), buffer->address, offset, size,
					 sdb_memory_direction(buffer));
}

/* Zeros must reach the memory whatever the direction: one that only comes in would discard them. */
static void cached_zero(struct sdb_buffer *buffer)
{
	memset(buffer->cpu, 0, buffer->size);
	dma_sync_single_for_device(sdb_memory_device(buffer), buffer->address, buffer->size,
				   DMA_BIDIRECTIONAL);
}

static void pages_free(struct sdb_buffer *buffer)
{
	dma_unmap_page(sdb_memory_device(buffer), buffer->address, buffer->size, DMA_BIDIRECTIONAL);
	free_pages_exact(buffer->cpu, buffer->size);
}

static int pages_map(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	struct page *page = virt_to_page(buffer->cpu) + vma->vm_pgoff;
	unsigned long at;
	int err = 0;

	for (at = vma->vm_start; at < vma->vm_end && !err; at += PAGE_SIZE)
		err = vm_insert_page(vma, at, page++);
	/* Each mapped page has a reference: a part that stays for now harms nobody. */
	return err;
}

/* Somebody may have pinned pages and closed the file: they can still read and write them. */
static bool pages_are_reusable(struct sdb_buffer *buffer)
{
	struct page *page = virt_to_page(buffer->cpu);
	size_t at;

	for (at = 0; at < buffer->size; at += PAGE_SIZE)
		if (page_count(page++) != 1)
			return false;
	return true;
}

static const struct sdb_memory_ops pages_ops = {
	.free = pages_free,
	.map = pages_map,
	.for_cpu = cached_for_cpu,
	.for_coprocessor = cached_for_coprocessor,
	.is_reusable = pages_are_reusable,
	.zero = cached_zero,
	.pinnable = true,
};

static int pages_allocate(struct sdb_buffer *buffer)
{
	struct device *memory = sdb_memory_device(buffer);
	const gfp_t flags = GFP_KERNEL | GFP_DMA32 | __GFP_ZERO | __GFP_NOWARN |
			    __GFP_RETRY_MAYFAIL;

	buffer->cpu = alloc_pages_exact(buffer->size, flags);
	if (!buffer->cpu)
		return -ENOMEM;
	/* Before it is mapped: the DMA layer would bounce what the device cannot reach. */
	if (!sdb_memory_is_reachable(memory, virt_to_phys(buffer->cpu), buffer->size))
		goto free;
	buffer->address =
		dma_map_page(memory, virt_to_page(buffer->cpu), 0, buffer->size, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(memory, buffer->address))
		goto free;
	buffer->ops = &pages_ops;
	return 0;

free:
	free_pages_exact(buffer->cpu, buffer->size);
	return -ENOMEM;
}

static void block_free(struct sdb_buffer *buffer)
{
	dma_free_noncoherent(sdb_memory_device(buffer), buffer->allocated, buffer->cpu,
			     buffer->address, DMA_BIDIRECTIONAL);
}

static int block_map(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	unsigned long frame = PHYS_PFN(buffer->address) + vma->vm_pgoff;
	unsigned long size = vma->vm_end - vma->vm_start;
	int err;

	err = remap_pfn_range(vma, vma->vm_start, frame, size, vma->vm_page_prot);
	/* As for coherent memory. */
	if (err)
		zap_special_vma_range(vma, vma->vm_start, size);
	return err;
}

/* Cached, as what Linux itself maps. */
static pgprot_t block_protect(struct sdb_buffer *buffer, pgprot_t protection)
{
	return protection;
}

static const struct sdb_memory_ops block_ops = {
	.free = block_free,
	.map = block_map,
	.protect = block_protect,
	.for_cpu = cached_for_cpu,
	.for_coprocessor = cached_for_coprocessor,
	.zero = cached_zero,
};

static int block_allocate(struct sdb_buffer *buffer)
{
	struct device *memory = sdb_memory_device(buffer);

	buffer->cpu = dma_alloc_noncoherent(memory, buffer->allocated, &buffer->address,
					    DMA_BIDIRECTIONAL,
					    GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
	if (!buffer->cpu)
		return -ENOMEM;
	buffer->ops = &block_ops;
	/* It is no mapping, but older kernels' DMA debugging takes it for one to be asked. */
	if (!dma_mapping_error(memory, buffer->address) &&
	    sdb_memory_is_reachable(memory, buffer->address, buffer->size)) {
		/*
		 * It was zeroed through the cache, and not every architecture wrote that back.
		 * The maintenance that follows is the buffer's own direction's, which may
		 * throw it away: what lay there before would come to light.
		 */
		dma_sync_single_for_device(memory, buffer->address, buffer->allocated,
					   DMA_BIDIRECTIONAL);
		return 0;
	}
	block_free(buffer);
	return -ENOMEM;
}

int sdb_cached_allocate(struct sdb_buffer *buffer)
{
	return pages_allocate(buffer) ? block_allocate(buffer) : 0;
}
