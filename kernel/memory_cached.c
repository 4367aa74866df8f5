// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the CPU caches. It is fast to read again and again, and must be
 * synchronised each time a buffer changes hands.
 *
 * It is made of single pages, and mapped page by page. So others can pin a page:
 * get_user_pages() and get_user_pages_fast() find an ordinary entry, and take a
 * reference. A child of fork() gets the same pages, since the mapping is shared.
 * Nobody moves the pages: they are on no list of Linux's. A pinned page outlives
 * the mapping, the buffer, the file, the coprocessor and the module, because it is
 * freed when its last reference is dropped. Before that the buffer's memory serves
 * nobody else.
 *
 * If there are no such pages, memory comes from the DMA layer, most often from CMA.
 * That is mapped by its frame numbers, and cannot be pinned.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include "compat.h"
#include "frames.h"
#include "memory.h"
#include "memory_cached.h"

/* The memory is mapped for both ways. It is synchronised for the way that data goes. */
static void cached_for_cpu(struct sdb_memory *memory, size_t offset, size_t size)
{
	dma_sync_single_range_for_cpu(memory->device, memory->address, offset, size,
				      READ_ONCE(memory->direction));
}

static void cached_for_coprocessor(struct sdb_memory *memory, size_t offset, size_t size)
{
	dma_sync_single_range_for_device(memory->device, memory->address, offset, size,
					 READ_ONCE(memory->direction));
}

/* The zeros must reach the memory. A sync for data that only comes in would discard them. */
static void cached_zero(struct sdb_memory *memory)
{
	memset(memory->cpu, 0, memory->size);
	dma_sync_single_for_device(memory->device, memory->address, memory->size,
				   DMA_BIDIRECTIONAL);
}

static void pages_free(struct sdb_memory *memory)
{
	/* The coprocessor is done with it. Who still has pages pinned may have written to them. */
	dma_unmap_page_attrs(memory->device, memory->address, memory->size, DMA_BIDIRECTIONAL,
			     DMA_ATTR_SKIP_CPU_SYNC);
	sdb_frames_free(memory->region, virt_to_page(memory->cpu), memory->size);
}

static int pages_map(struct sdb_memory *memory, struct vm_area_struct *vma)
{
	struct page *page = virt_to_page(memory->cpu) + vma->vm_pgoff;
	unsigned long at;
	int err = 0;

	for (at = vma->vm_start; at < vma->vm_end && !err; at += PAGE_SIZE)
		err = vm_insert_page(vma, at, page++);
	/* A mapped page has a reference. So pages that stay mapped after an error do no harm. */
	return err;
}

/* Who pinned pages and closed the file can still read and write them. */
static bool pages_are_reusable(struct sdb_memory *memory)
{
	return sdb_frames_are_idle(memory->region, virt_to_page(memory->cpu), memory->size);
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

static int pages_allocate(struct sdb_memory *memory)
{
	struct page *first = sdb_frames_allocate(memory->region, memory->size);

	if (!first)
		return -ENOMEM;
	memory->cpu = page_address(first);
	memset(memory->cpu, 0, memory->size);
	if (sdb_memory_map_pages(memory, first)) {
		sdb_frames_free(memory->region, first, memory->size);
		return -ENOMEM;
	}
	memory->ops = &pages_ops;
	return 0;
}

static void block_free(struct sdb_memory *memory)
{
	dma_free_noncoherent(memory->device, memory->allocated, memory->cpu, memory->address,
			     DMA_BIDIRECTIONAL);
}

static int block_map(struct sdb_memory *memory, struct vm_area_struct *vma)
{
	unsigned long frame = PHYS_PFN(memory->address) + vma->vm_pgoff;
	unsigned long size = vma->vm_end - vma->vm_start;
	int err;

	err = remap_pfn_range(vma, vma->vm_start, frame, size, vma->vm_page_prot);
	/* The memory may be freed before mmap() takes back what was mapped of it. */
	if (err)
		zap_special_vma_range(vma, vma->vm_start, size);
	return err;
}

/* As Linux maps its own memory: cached. */
static pgprot_t block_protect(struct sdb_memory *memory, pgprot_t protection)
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

static int block_allocate(struct sdb_memory *memory)
{
	struct device *device = memory->device;

	memory->cpu = dma_alloc_noncoherent(device, memory->allocated, &memory->address,
					    DMA_BIDIRECTIONAL,
					    GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
	if (!memory->cpu)
		return -ENOMEM;
	memory->ops = &block_ops;
	/* It is no mapping, but the DMA debugging of older kernels wants it checked like one. */
	if (!dma_mapping_error(device, memory->address) &&
	    sdb_memory_is_reachable(device, memory->address, memory->size)) {
		/*
		 * The DMA layer zeroed it through the cache, and not every architecture wrote
		 * the zeros back. The sync that follows goes the buffer's own direction and may
		 * discard them. The application would then see what lay there before.
		 */
		dma_sync_single_for_device(device, memory->address, memory->allocated,
					   DMA_BIDIRECTIONAL);
		return 0;
	}
	block_free(memory);
	return -ENOMEM;
}

int sdb_cached_allocate(struct sdb_memory *memory)
{
	int err = pages_allocate(memory);

	return err && !memory->region ? block_allocate(memory) : err;
}
