// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a buffer gets into an address space. The buffer lives at least as long as
 * its mappings.
 */
#include <linux/fs.h>
#include <linux/mm.h>

#include "buffer.h"
#include "compat.h"
#include "large_pages.h"
#include "mapping.h"

static void buffer_vma_open(struct vm_area_struct *vma)
{
	struct sdb_buffer *buffer = vma->vm_private_data;

	kref_get(&buffer->refs);
}

static void buffer_vma_close(struct vm_area_struct *vma)
{
	sdb_buffer_put(vma->vm_private_data);
}

/* For a mapping that is complete from the start. */
static const struct vm_operations_struct buffer_vm_ops = {
	.open = buffer_vma_open,
	.close = buffer_vma_close,
};

#ifdef SDB_LARGE_PAGES
static const struct vm_operations_struct large_vm_ops = {
	.open = buffer_vma_open,
	.close = buffer_vma_close,
	.fault = sdb_large_pages_fault,
	.huge_fault = sdb_large_pages_huge_fault,
};

/* Large pages can only be mapped by page faults. Returns whether this mapping waits for them. */
static bool map_later(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	const struct sdb_memory_ops *ops = buffer->memory.ops;

	if (!ops->protect || !sdb_large_pages_fit(buffer, vma))
		return false;
	vma->vm_page_prot = ops->protect(&buffer->memory, vma->vm_page_prot);
	/* It is made of frame numbers. remap_pfn_range() sets the same flags. */
	vm_flags_set(vma, VM_IO | VM_PFNMAP);
	vma->vm_ops = &large_vm_ops;
	return true;
}
#else
static bool map_later(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	return false;
}
#endif

static int map_now(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	int err = buffer->memory.ops->map(&buffer->memory, vma);

	if (!err)
		vma->vm_ops = &buffer_vm_ops;
	return err;
}

/*
 * Existing applications make private mappings and write to them. Copy on write
 * would cut them off from the coprocessor. So a private mapping becomes a shared
 * one, also for fork() and mprotect().
 */
static int share(struct vm_area_struct *vma)
{
	int err;

	if (vma->vm_flags & VM_SHARED)
		return 0;
	if (!(vma->vm_file->f_mode & FMODE_WRITE)) {
		/* mmap() does the same to a shared mapping of such a file. */
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
		return 0;
	}
	/*
	 * Some kernels count writable mappings by the flags from before this call, and
	 * uncount them by the new ones. So the mapping is counted here. Once too often does
	 * no harm: the f_mapping belongs to this open file, or dma-buf, alone.
	 */
	err = mapping_map_writable(vma->vm_file->f_mapping);
	if (err)
		return err;
	vm_flags_set(vma, VM_SHARED | VM_MAYSHARE);
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	return 0;
}

int sdb_buffer_map(struct sdb_buffer *buffer, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long pages = buffer->memory.size >> PAGE_SHIFT;
	int err;

	if (first > pages || vma_pages(vma) > pages - first)
		return -EINVAL;
	/* The file's offset said which buffer. From here on it is a place in the buffer. */
	vma->vm_pgoff = first;
	/* Of imported memory the exporter makes the mapping. That holds the dma-buf, not us. */
	if (buffer->memory.attachment)
		return buffer->memory.ops->map(&buffer->memory, vma);

	err = share(vma);
	if (err)
		return err;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	err = map_later(buffer, vma) ? 0 : map_now(buffer, vma);
	if (err)
		return err;

	kref_get(&buffer->refs);
	vma->vm_private_data = buffer;
	return 0;
}
