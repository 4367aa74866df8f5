// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of another driver, as a dma-buf: its exporter synchronises and maps it.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>

#include "buffer.h"
#include "compat.h"
#include "memory.h"

static void imported_free(struct sdb_buffer *buffer)
{
	struct dma_buf *dmabuf = buffer->attachment->dmabuf;

	dma_buf_unmap_attachment_unlocked(buffer->attachment, buffer->table, DMA_BIDIRECTIONAL);
	dma_buf_detach(dmabuf, buffer->attachment);
	dma_buf_put(dmabuf);
}

static int imported_map(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	struct dma_buf *dmabuf = buffer->attachment->dmabuf;

	/* Who imports a descriptor for reading does not get to write through us. */
	if (!(dmabuf->file->f_mode & FMODE_WRITE)) {
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	return dma_buf_mmap(dmabuf, vma, vma->vm_pgoff);
}

/* A dma-buf is synchronised as a whole. */
static void imported_for_cpu(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	dma_buf_begin_cpu_access(buffer->attachment->dmabuf, DMA_FROM_DEVICE);
}

static void imported_for_coprocessor(struct sdb_buffer *buffer, size_t offset, size_t size)
{
	dma_buf_end_cpu_access(buffer->attachment->dmabuf, DMA_TO_DEVICE);
}

/* Whoever has the dma-buf reaches it. */
static bool imported_is_reusable(struct sdb_buffer *buffer)
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

/* One piece for the coprocessor, in however many entries its exporter tells of it. */
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

int sdb_imported_attach(struct sdb_buffer *buffer, int fd)
{
	struct device *memory = sdb_memory_device(buffer);
	struct dma_buf_attachment *attachment;
	struct dma_buf *dmabuf;
	int err;

	dmabuf = dma_buf_get(fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);

	attachment = dma_buf_attach(dmabuf, memory);
	if (IS_ERR(attachment)) {
		err = PTR_ERR(attachment);
		goto put;
	}
	buffer->table = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	if (IS_ERR(buffer->table)) {
		err = PTR_ERR(buffer->table);
		goto detach;
	}
	buffer->attachment = attachment;
	buffer->size = dmabuf->size;
	buffer->address = sg_dma_address(buffer->table->sgl);
	buffer->ops = &imported_ops;

	err = -EINVAL;
	if (!is_contiguous(buffer->table, buffer->size) ||
	    !IS_ALIGNED(buffer->size | buffer->address, PAGE_SIZE) ||
	    !sdb_memory_is_reachable(memory, buffer->address, buffer->size)) {
		imported_free(buffer);
		return err;
	}
	return 0;

detach:
	dma_buf_detach(dmabuf, attachment);
put:
	dma_buf_put(dmabuf);
	return err;
}
