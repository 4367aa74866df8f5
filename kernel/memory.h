/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_MEMORY_H
#define RPMSG_SDB_MEMORY_H

#include <linux/dma-direction.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct device;
struct sdb_buffer;
struct vm_area_struct;

/**
 * struct sdb_memory_ops - what differs between the kinds of memory. All may sleep.
 * @free: give it back to Linux, or to whom it belongs
 * @map: map what the vma spans, from the buffer's page vm_pgoff on. On an error
 *	 nothing of the buffer stays mapped
 * @protect: the protection of a mapping by frame numbers; NULL where those are not one row, or not
 *	     all that there is to a mapping
 * @for_cpu: the CPU is to see what others wrote; NULL where it always does
 * @for_coprocessor: others are to see what the CPU wrote, and nothing of the
 *		     CPU's caches is written over what they write; NULL as above
 * @is_reusable: it may serve another owner: nobody but us can still reach it.
 *		 NULL: always
 * @zero: overwrite it all; NULL where it is never reused
 * @pinnable: mappings have a struct page to take a reference on
 */
struct sdb_memory_ops {
	void (*free)(struct sdb_buffer *buffer);
	int (*map)(struct sdb_buffer *buffer, struct vm_area_struct *vma);
	pgprot_t (*protect)(struct sdb_buffer *buffer, pgprot_t protection);
	void (*for_cpu)(struct sdb_buffer *buffer, size_t offset, size_t size);
	void (*for_coprocessor)(struct sdb_buffer *buffer, size_t offset, size_t size);
	bool (*is_reusable)(struct sdb_buffer *buffer);
	void (*zero)(struct sdb_buffer *buffer);
	bool pinnable;
};

/* The device that memory comes from. */
struct device *sdb_memory_device(struct sdb_buffer *buffer);

/* Whether all of a range lies where the coprocessor reaches it; says so once in a while if not. */
bool sdb_memory_is_reachable(struct device *memory, dma_addr_t address, size_t size);

/* Which way the buffer's flags let data go. */
enum dma_data_direction sdb_memory_direction(struct sdb_buffer *buffer);

/*
 * The kinds. Each takes a buffer with sizes and flags set and sets address, cpu
 * and ops, or returns -ENOMEM. The memory is zeroed.
 */
int sdb_coherent_allocate(struct sdb_buffer *buffer);
int sdb_cached_allocate(struct sdb_buffer *buffer);

/* The same for a dma-buf, whose size it sets. Not zeroed. Errors as of sdb_buffer_import(). */
int sdb_imported_attach(struct sdb_buffer *buffer, int fd);

#endif /* RPMSG_SDB_MEMORY_H */
