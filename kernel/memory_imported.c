// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of another driver, which comes as a dma-buf. Its exporter synchronises and maps it.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>

#include "compat.h"
#include "memory.h"
#include "memory_imported.h"

static void imported_free(struct sdb_memory *memory)
{
	struct dma_buf *dmabuf = memory->attachment->dmabuf;

	dma_buf_unmap_attachment_unlocked(memory->attachment, memory->table, DMA_BIDIRECTIONAL);
	dma_buf_detach(dmabuf, memory->attachment);
	dma_buf_put(dmabuf);
}

static int imported_map(struct sdb_memory *memory, struct vm_area_struct *vma)
{
	struct dma_buf *dmabuf = memory->attachment->dmabuf;

	/* Who imported a descriptor for reading must not write through this driver. */
	if (!(dmabuf->file->f_mode & FMODE_WRITE)) {
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	return dma_buf_mmap(dmabuf, vma, vma->vm_pgoff);
}

/* An exporter can only synchronise a whole dma-buf. */
static void imported_for_cpu(struct sdb_memory *memory, size_t offset, size_t size)
{
	dma_buf_begin_cpu_access(memory->attachment->dmabuf, DMA_FROM_DEVICE);
}

static void imported_for_coprocessor(struct sdb_memory *memory, size_t offset, size_t size)
{
	dma_buf_end_cpu_access(memory->attachment->dmabuf, DMA_TO_DEVICE);
}

/* Whoever else has the dma-buf reaches the memory. */
static bool imported_is_reusable(struct sdb_memory *memory)
{
	return false;
}

static const struct sdb_memory_ops imported_ops = {
	.free = imported_free,
	.map = imported_map,
	.for_cpu = imported_for_cpu,
	.for_coprocessor = imported_for_coprocessor,
	.is_reusable = imported_is_reusable,
};

/* Whether the memory is one piece, however many entries its exporter made of it. */
static bool is_contiguous(struct sg_table *table, size_t size)
{
	dma_addr_t first = sg_dma_address(table->sgl);
	struct scatterlist *entry;
	size_t seen = 0;
	unsigned int i;

	for_each_sgtable_dma_sg(table, entry, i) {
		if (sg_dma_address(entry) != first + seen)
			return false;
		seen += sg_dma_len(entry);
	}
	return seen == size;
}

int sdb_imported_attach(struct sdb_memory *memory, int fd)
{
	struct device *device = memory->device;
	struct dma_buf_attachment *attachment;
	struct dma_buf *dmabuf;
	int err;

	dmabuf = dma_buf_get(fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);

	attachment = dma_buf_attach(dmabuf, device);
	if (IS_ERR(attachment)) {
		err = PTR_ERR(attachment);
		goto put;
	}
	memory->table = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	if (IS_ERR(memory->table)) {
		err = PTR_ERR(memory->table);
		goto detach;
	}
	memory->attachment = attachment;
	memory->size = dmabuf->size;
	memory->address = sg_dma_address(memory->table->sgl);
	memory->ops = &imported_ops;

	err = -EINVAL;
	if (!is_contiguous(memory->table, memory->size) ||
	    !IS_ALIGNED(memory->size | memory->address, PAGE_SIZE) ||
	    !sdb_memory_is_reachable(device, memory->address, memory->size)) {
		imported_free(memory);
		return err;
	}
	return 0;

detach:
	dma_buf_detach(dmabuf, attachment);
put:
	dma_buf_put(dmabuf);
	return err;
}
