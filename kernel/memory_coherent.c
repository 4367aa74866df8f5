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

static struct page *region_page(struct sdb_memory *memory, size_t offset)
{
	return pfn_to_page(PHYS_PFN(memory->address + offset));
}

static void region_free(struct sdb_memory *memory)
{
	dma_unmap_page(memory->device, memory->address, memory->size, DMA_BIDIRECTIONAL);
	sdb_region_free(region_page(memory, 0), memory->size);
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

/*
 * Linux keeps its cached address of these pages, and nobody reads or writes by it
 * while the buffer has an owner. So the cache has no data that could be written over
 * the buffer's: the zeros are written back before the buffer is used. This is also
 * why the mappings are made of frame numbers: who pinned a page would reach it by the
 * cached address.
 */
static void region_zero(struct sdb_memory *memory)
{
	memset(page_address(region_page(memory, 0)), 0, memory->size);
	dma_sync_single_for_device(memory->device, memory->address, memory->size,
				   DMA_BIDIRECTIONAL);
}

/*
 * A second address, by which the CPU does not cache the pages. A buffer has one only
 * while another driver asks for it: on 32 bits, buffers together may be larger than
 * the part of the kernel's addresses that such ones come from.
 */
static void *region_vmap(struct sdb_memory *memory, size_t offset, size_t size)
{
	unsigned long count = size >> PAGE_SHIFT;
	unsigned long at;
	struct page **pages;
	void *cpu;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (at = 0; at < count; at++)
		pages[at] = region_page(memory, offset) + at;
	cpu = vmap(pages, count, VM_MAP, coherent_protect(memory, PAGE_KERNEL));
	kvfree(pages);
	return cpu;
}

static const struct sdb_memory_ops region_ops = {
	.free = region_free,
	.map = region_map,
	.protect = coherent_protect,
	.zero = region_zero,
	.vmap = region_vmap,
};

static int allocate_from_region(struct sdb_memory *memory)
{
	struct page *first = sdb_region_allocate(memory->region, memory->size);

	if (!first)
		return -ENOMEM;
	memset(page_address(first), 0, memory->size);
	if (sdb_memory_map_pages(memory, first)) {
		sdb_region_free(first, memory->size);
		return -ENOMEM;
	}
	memory->ops = &region_ops;
	return 0;
}

int sdb_coherent_allocate(struct sdb_memory *memory)
{
	return memory->region ? allocate_from_region(memory) : allocate_from_linux(memory);
}
