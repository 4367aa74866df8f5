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

static struct sg_table *export_map(struct dma_buf_attachment *attachment,
				   enum dma_data_direction direction)
{
	struct sdb_buffer *buffer = attachment->dmabuf->priv;
	struct sg_table *table;
	int err;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	err = sg_alloc_table(table, 1, GFP_KERNEL);
	if (err)
		goto free;
	sg_set_page(table->sgl, pfn_to_page(PHYS_PFN(buffer->memory.address)), buffer->memory.size,
		    0);
	err = dma_map_sgtable(attachment->dev, table, direction, EXPORT_ATTRIBUTES);
	if (err)
		goto free_table;
	if (buffer->memory.flags & RPMSG_SDB_CACHED)
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
	struct sdb_buffer *buffer = attachment->dmabuf->priv;

	if (buffer->memory.flags & RPMSG_SDB_CACHED)
		dma_sync_sgtable_for_cpu(attachment->dev, table, direction);
	dma_unmap_sgtable(attachment->dev, table, direction, EXPORT_ATTRIBUTES);
	sg_free_table(table);
	kfree(table);
}

static int export_begin_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct sdb_buffer *buffer = dmabuf->priv;

	sdb_buffer_for_cpu(buffer, 0, buffer->memory.size);
	return 0;
}

static int export_end_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct sdb_buffer *buffer = dmabuf->priv;

	sdb_buffer_for_coprocessor(buffer, 0, buffer->memory.size);
	return 0;
}

static int export_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return sdb_buffer_map(dmabuf->priv, vma, vma->vm_pgoff);
}

#ifdef SDB_DMA_BUF_HAS_MAP
static int export_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct sdb_buffer *buffer = dmabuf->priv;

	iosys_map_set_vaddr(map, buffer->memory.cpu);
	return 0;
}
#endif

static void export_release(struct dma_buf *dmabuf)
{
	sdb_buffer_put(dmabuf->priv);
}

static const struct dma_buf_ops export_ops = {
	.map_dma_buf = export_map,
	.unmap_dma_buf = export_unmap,
	.begin_cpu_access = export_begin_cpu_access,
	.end_cpu_access = export_end_cpu_access,
	.mmap = export_mmap,
#ifdef SDB_DMA_BUF_HAS_MAP
	.vmap = export_vmap,
#endif
	.release = export_release,
};

struct dma_buf *sdb_buffer_export(struct sdb_buffer *buffer, bool writable)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	/* Other drivers need struct pages. Imported memory is a dma-buf already. */
	if (!buffer->memory.cpu || !buffer->pool->has_pages ||
	    !pfn_valid(PHYS_PFN(buffer->memory.address)))
		return ERR_PTR(-EOPNOTSUPP);

	info.ops = &export_ops;
	info.size = buffer->memory.size;
	info.flags = writable ? O_RDWR : O_RDONLY;
	info.priv = buffer;
	kref_get(&buffer->refs);
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		sdb_buffer_put(buffer);
	return dmabuf;
}
