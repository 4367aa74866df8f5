// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the CPU does not cache. It is write-combined, and needs no synchronising.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "memory.h"
#include "memory_coherent.h"
#include "region.h"

static void coherent_free(struct sdb_memory *memory)
{
	dma_free_wc(memory->device, memory->allocated, memory->cpu, memory->address);
}

static int coherent_map(struct sdb_memory *memory, struct vm_area_struct *vma)
{
	int err = dma_mmap_wc(memory->device, vma, memory->cpu, memory->address, memory->size);

	/* The memory may be freed before mmap() takes back what was mapped of it. */
	if (err)
		zap_special_vma_range(vma, vma->vm_start, vma->vm_end - vma->vm_start);
	return err;
}

/* The same choice as in dma_mmap_wc(). */
static pgprot_t coherent_protect(struct sdb_memory *memory, pgprot_t protection)
{
	if (dev_is_dma_coherent(memory->device))
		return protection;
	return pgprot_writecombine(protection);
}

static void coherent_zero(struct sdb_memory *memory)
{
	memset(memory->cpu, 0, memory->size);
}

static const struct sdb_memory_ops coherent_ops = {
	.free = coherent_free,
	.map = coherent_map,
	.protect = coherent_protect,
	.zero = coherent_zero,
};

static int allocate_from_linux(struct sdb_memory *memory)
{
	struct device *device = memory->device;

	/* A large size is worth some reclaim, but not a kill by the OOM killer. */
	memory->cpu = dma_alloc_wc(device, memory->allocated, &memory->address,
				   GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
	if (!memory->cpu)
		return -ENOMEM;
	memory->ops = &coherent_ops;
	if (sdb_memory_is_reachable(device, memory->address, memory->size))
		return 0;
	coherent_free(memory);
	return -ENOMEM;
}

/* A second address of the pages of a region, by which the CPU does not cache them. */
static void *map_uncached(struct page *first, size_t size)
{
	unsigned long count = size >> PAGE_SHIFT;
	unsigned long at;
	struct page **pages;
	void *cpu;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (at = 0; at < count; at++)
		pages[at] = first + at;
	cpu = vmap(pages, count, VM_MAP, pgprot_writecombine(PAGE_KERNEL));
	kvfree(pages);
	return cpu;
}

static void region_free(struct sdb_memory *memory)
{
	if (is_vmalloc_addr(memory->cpu))
		vunmap(memory->cpu);
	dma_unmap_page(memory->device, memory->address, memory->size, DMA_BIDIRECTIONAL);
	sdb_region_free(pfn_to_page(PHYS_PFN(memory->address)), memory->size);
}

static int region_map(struct sdb_memory *memory, struct vm_area_struct *vma)
{
	unsigned long frame = PHYS_PFN(memory->address) + vma->vm_pgoff;
	unsigned long size = vma->vm_end - vma->vm_start;
	int err;

	err = remap_pfn_range(vma, vma->vm_start, frame, size,
			      coherent_protect(memory, vma->vm_page_prot));
	/* As above. */
	if (err)
		zap_special_vma_range(vma, vma->vm_start, size);
	return err;
}

static const struct sdb_memory_ops region_ops = {
	.free = region_free,
	.map = region_map,
	.protect = coherent_protect,
	.zero = coherent_zero,
};

/*
 * Linux keeps its cached address of these pages. Nobody uses that while the buffer
 * lives, so the cache has no data that could be written over the buffer's: what lay
 * in it is written back before the buffer is used. This is also why the mappings
 * are made of frame numbers: who pinned a page would reach it by the cached address.
 */
static int allocate_from_region(struct sdb_memory *memory)
{
	struct page *first = sdb_region_allocate(memory->region, memory->size);

	if (!first)
		return -ENOMEM;
	memset(page_address(first), 0, memory->size);
	if (sdb_memory_map_pages(memory, first))
		goto free;
	memory->cpu = dev_is_dma_coherent(memory->device) ? page_address(first) :
							    map_uncached(first, memory->size);
	if (!memory->cpu)
		goto unmap;
	memory->ops = &region_ops;
	return 0;

unmap:
	dma_unmap_page(memory->device, memory->address, memory->size, DMA_BIDIRECTIONAL);
free:
	sdb_region_free(first, memory->size);
	return -ENOMEM;
}

int sdb_coherent_allocate(struct sdb_memory *memory)
{
	return memory->region ? allocate_from_region(memory) : allocate_from_linux(memory);
}
