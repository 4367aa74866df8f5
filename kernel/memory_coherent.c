// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the CPU does not cache: write-combined, nothing to synchronise.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include "buffer.h"
#include "compat.h"
#include "memory.h"

static void coherent_free(struct sdb_buffer *buffer)
{
	dma_free_wc(sdb_memory_device(buffer), buffer->allocated, buffer->cpu, buffer->address);
}

static int coherent_map(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	int err = dma_mmap_wc(sdb_memory_device(buffer), vma, buffer->cpu, buffer->address,
			      buffer->size);

	/* The memory may be free before mmap() has taken back what was mapped of it. */
	if (err)
		zap_special_vma_range(vma, vma->vm_start, vma->vm_end - vma->vm_start);
	return err;
}

/* As dma_mmap_wc() chooses it. */
static pgprot_t coherent_protect(struct sdb_buffer *buffer, pgprot_t protection)
{
	if (dev_is_dma_coherent(sdb_memory_device(buffer)))
		return protection;
	return pgprot_writecombine(protection);
}

static void coherent_zero(struct sdb_buffer *buffer)
{
	memset(buffer->cpu, 0, buffer->size);
}

static const struct sdb_memory_ops coherent_ops = {
	.free = coherent_free,
	.map = coherent_map,
	.protect = coherent_protect,
	.zero = coherent_zero,
};

int sdb_coherent_allocate(struct sdb_buffer *buffer)
{
	struct device *memory = sdb_memory_device(buffer);

	/*
	 * A large size is worth some reclaim, and nobody's life: better no
	 * buffer than the OOM killer.
	 */
	buffer->cpu = dma_alloc_wc(memory, buffer->allocated, &buffer->address,
				   GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
	if (!buffer->cpu)
		return -ENOMEM;
	buffer->ops = &coherent_ops;
	if (sdb_memory_is_reachable(memory, buffer->address, buffer->size))
		return 0;
	coherent_free(buffer);
	return -ENOMEM;
}
