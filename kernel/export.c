// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer as a dma-buf, which other drivers use without a copy. It lives on when
 * the file that it came from is closed.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "compat.h"
#include "export.h"
#include "mapping.h"
#include "pool.h"
#include "uapi/rpmsg_sdb.h"

SDB_IMPORT_DMA_BUF;

/*
 * Write-combined memory needs no synchronising, and on some platforms must get
 * none. Cached memory is synchronised apart from the mapping: it is mapped for
 * our own device already, and Linux's DMA debugging takes a second mapping that
 * synchronises for a mistake.
 */
#define EXPORT_ATTRIBUTES DMA_ATTR_SKIP_CPU_SYNC

/**
 * struct sdb_export - a range of a buffer that is a dma-buf
 * @buffer: with a reference
 * @offset: of the first byte in the buffer
 * @size: bytes
 */
struct sdb_export {
	struct sdb_buffer *buffer;
	size_t offset;
	size_t size;
};

/* A dma-buf that comes back to us: the memory is mapped for our own device all its life. */
static bool is_mapped_already(struct dma_buf_attachment *attachment, struct sdb_memory *memory)
{
	return attachment->dev == memory->device;
}

/* The range in pieces that the importer's device takes. */
static int fill_table(struct sg_table *table, struct sdb_export *export, struct device *device)
{
	const size_t most = clamp_t(size_t, ALIGN_DOWN(dma_get_max_seg_size(device), PAGE_SIZE),
				    PAGE_SIZE, export->size);
	dma_addr_t address = export->buffer->memory.address + export->offset;
	size_t left = export->size;
	struct scatterlist *entry;
	unsigned int i;
	int err;

	err = sg_alloc_table(table, (export->size - 1) / most + 1, GFP_KERNEL);
	if (err)
		return err;
	for_each_sgtable_sg(table, entry, i) {
		size_t size = min(left, most);

		sg_set_page(entry, pfn_to_page(PHYS_PFN(address)), size, 0);
		address += size;
		left -= size;
	}
	return 0;
}

static struct sg_table *export_map(struct dma_buf_attachment *attachment,
				   enum dma_data_direction direction)
{
	struct sdb_export *export = attachment->dmabuf->priv;
	struct sdb_memory *memory = &export->buffer->memory;
	struct scatterlist *entry;
	struct sg_table *table;
	unsigned int i;
	int err;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	err = fill_table(table, export, attachment->dev);
	if (err)
		goto free;
	if (is_mapped_already(attachment, memory)) {
		for_each_sgtable_sg(table, entry, i) {
			sg_dma_address(entry) = sg_phys(entry);
			sg_dma_len(entry) = entry->length;
		}
		if (memory->ops->for_coprocessor)
			memory->ops->for_coprocessor(memory, export->offset, export->size);
		return table;
	}
	err = dma_map_sgtable(attachment->dev, table, direction, EXPORT_ATTRIBUTES);
	if (err)
		goto free_table;
	if (memory->flags & RPMSG_SDB_CACHED)
		dma_sync_sgtable_for_device(attachment->dev, table, direction);
	return table;

free_table:
	sg_free_table(table);
free:
	kfree(table);
	return ERR_PTR(err);
}

static void export_unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
			 enum dma_data_direction direction)
{
	struct sdb_export *export = attachment->dmabuf->priv;
	struct sdb_memory *memory = &export->buffer->memory;

	if (is_mapped_already(attachment, memory)) {
		if (memory->ops->for_cpu)
			memory->ops->for_cpu(memory, export->offset, export->size);
		goto free;
	}
	if (memory->flags & RPMSG_SDB_CACHED)
		dma_sync_sgtable_for_cpu(attachment->dev, table, direction);
	dma_unmap_sgtable(attachment->dev, table, direction, EXPORT_ATTRIBUTES);
free:
	sg_free_table(table);
	kfree(table);
}

/*
 * The direction says what the caller's CPU is about to do, and is not heeded. Who
 * only writes may write part of a cache line, and the rest of it must be what was
 * in memory. Who only reads is not alone: to discard the range afterwards would
 * discard what others wrote to it. Nor do the buffer's flags count any more: a
 * camera may fill what the coprocessor never does, and the CPU may draw on what only
 * the coprocessor was to fill. So the range is synchronised both ways.
 */
static int export_begin_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct sdb_export *export = dmabuf->priv;

	sdb_buffer_for_cpu(export->buffer, export->offset, export->size);
	return 0;
}

static int export_end_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct sdb_export *export = dmabuf->priv;

	sdb_buffer_for_coprocessor(export->buffer, export->offset, export->size);
	return 0;
}

static int export_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct sdb_export *export = dmabuf->priv;

	/* dma_buf_mmap() has checked that it is all in the dma-buf. */
	return sdb_buffer_map(export->buffer, vma, (export->offset >> PAGE_SHIFT) + vma->vm_pgoff);
}

#ifdef SDB_DMA_BUF_HAS_MAP
static int export_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct sdb_export *export = dmabuf->priv;
	struct sdb_memory *memory = &export->buffer->memory;
	void *cpu;

	if (memory->cpu)
		cpu = memory->cpu + export->offset;
	else
		cpu = memory->ops->vmap(memory, export->offset, export->size);
	if (!cpu)
		return -ENOMEM;
	iosys_map_set_vaddr(map, cpu);
	return 0;
}

static void export_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct sdb_export *export = dmabuf->priv;

	if (!export->buffer->memory.cpu)
		vunmap(map->vaddr);
}
#endif

static void export_release(struct dma_buf *dmabuf)
{
	struct sdb_export *export = dmabuf->priv;

	sdb_buffer_put(export->buffer);
	kfree(export);
}

static const struct dma_buf_ops export_ops = {
	.map_dma_buf = export_map,
	.unmap_dma_buf = export_unmap,
	.begin_cpu_access = export_begin_cpu_access,
	.end_cpu_access = export_end_cpu_access,
	.mmap = export_mmap,
#ifdef SDB_DMA_BUF_HAS_MAP
	.vmap = export_vmap,
	.vunmap = export_vunmap,
#endif
	.release = export_release,
};

static struct dma_buf *make_dmabuf(struct sdb_export *export, bool writable)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);

	info.ops = &export_ops;
	info.size = export->size;
	info.flags = writable ? O_RDWR : O_RDONLY;
	info.priv = export;
	return dma_buf_export(&info);
}

struct dma_buf *sdb_buffer_export(struct sdb_buffer *buffer, u64 offset, u64 size, bool writable)
{
	struct sdb_memory *memory = &buffer->memory;
	struct dma_buf *dmabuf;
	struct sdb_export *export;

	if (!size || !IS_ALIGNED(offset | size, PAGE_SIZE) || size > memory->size ||
	    offset > memory->size - size)
		return ERR_PTR(-EINVAL);
	/* Other drivers need struct pages. Imported memory is a dma-buf already. */
	if (memory->attachment || !buffer->pool->has_pages || !pfn_valid(PHYS_PFN(memory->address)))
		return ERR_PTR(-EOPNOTSUPP);

	export = kzalloc(sizeof(*export), GFP_KERNEL);
	if (!export)
		return ERR_PTR(-ENOMEM);
	export->buffer = buffer;
	export->offset = offset;
	export->size = size;
	kref_get(&buffer->refs);
	sdb_memory_share(memory);
	dmabuf = make_dmabuf(export, writable);
	if (IS_ERR(dmabuf)) {
		sdb_buffer_put(buffer);
		kfree(export);
	}
	return dmabuf;
}
