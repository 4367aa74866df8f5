/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_MEMORY_H
#define RPMSG_SDB_MEMORY_H

#include <linux/dma-direction.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct device;
struct dma_buf_attachment;
struct sdb_memory_ops;
struct sdb_region;
struct sg_table;
struct vm_area_struct;

/**
 * struct sdb_memory - one contiguous piece of memory that the coprocessor can reach
 * @device: it was allocated from this device, or is mapped for it
 * @region: of the device tree, where all of it comes from; NULL if Linux gives it
 * @ops: of its kind
 * @flags: RPMSG_SDB_… it was allocated with
 * @direction: which way data goes. It is what the flags say, until sdb_memory_share()
 * @address: what the coprocessor calls it
 * @size: bytes, whole pages
 * @allocated: bytes that the DMA layer was asked for, at least @size
 * @cpu: kernel address; NULL for imported memory, and if @ops->vmap makes one
 * @attachment: of imported memory; holds the dma-buf
 * @table: of imported memory
 *
 * All but the direction is constant once the memory is there.
 */
struct sdb_memory {
	struct device *device;
	const struct sdb_region *region;
	const struct sdb_memory_ops *ops;
	u32 flags;
	enum dma_data_direction direction;
	dma_addr_t address;
	size_t size;
	size_t allocated;
	void *cpu;
	struct dma_buf_attachment *attachment;
	struct sg_table *table;
};

/**
 * struct sdb_memory_ops - what differs between the kinds of memory. All may sleep.
 * @free: give it back to Linux, or to its exporter
 * @map: map what the vma spans, from page vm_pgoff of the memory on. After an
 *	 error nothing stays mapped that @free would pull away
 * @protect: the protection of a mapping that is made of frame numbers. NULL if
 *	     mappings must be made by @map
 * @for_cpu: make the CPU see what others wrote. NULL if it always does
 * @for_coprocessor: make others see what the CPU wrote, and keep the CPU's
 *		     caches from writing over what they write. NULL as above
 * @is_reusable: nobody but the driver can still reach it. NULL if that is so always
 * @zero: overwrite it all. NULL if it is never reused
 * @vmap: a kernel address of a range of whole pages, until vunmap(). NULL after an
 *	  error. Only for memory without @cpu
 * @pinnable: mappings have a struct page to take a reference on
 */
struct sdb_memory_ops {
	void (*free)(struct sdb_memory *memory);
	int (*map)(struct sdb_memory *memory, struct vm_area_struct *vma);
	pgprot_t (*protect)(struct sdb_memory *memory, pgprot_t protection);
	void (*for_cpu)(struct sdb_memory *memory, size_t offset, size_t size);
	void (*for_coprocessor)(struct sdb_memory *memory, size_t offset, size_t size);
	bool (*is_reusable)(struct sdb_memory *memory);
	void (*zero)(struct sdb_memory *memory);
	void *(*vmap)(struct sdb_memory *memory, size_t offset, size_t size);
	bool pinnable;
};

/* Whether the coprocessor reaches all of a range. The log tells of the first one beyond. */
bool sdb_memory_is_reachable(struct device *device, dma_addr_t address, size_t size);

/**
 * sdb_memory_map_pages() - tell the DMA layer of pages, whose address the coprocessor gets
 * @memory: its device and size are set, and its address will be
 * @first: of the pages; their content is in memory when this returns
 *
 * Return: 0, or -ENOMEM where the DMA layer would use a copy of them
 */
int sdb_memory_map_pages(struct sdb_memory *memory, struct page *first);

/* Which way flags of memory let data go. */
enum dma_data_direction sdb_memory_direction(u32 flags);

/*
 * Others get the memory. What its flags say is about the coprocessor and the
 * application alone: from now on data may go any way.
 */
void sdb_memory_share(struct sdb_memory *memory);

#endif /* RPMSG_SDB_MEMORY_H */
