// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the CPU does not cache. It is write-combined, and needs no synchronising.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include "compat.h"
#include "memory.h"
#include "memory_coherent.h"

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

int sdb_coherent_allocate(struct sdb_memory *memory)
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
