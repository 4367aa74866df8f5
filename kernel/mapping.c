// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a buffer gets into an address space, and holds out there for as long as
 * the mapping does.
 */
#include <linux/fs.h>
#include <linux/mm.h>

#include "buffer.h"
#include "compat.h"
#include "large_pages.h"
#include "memory.h"

static void buffer_vma_open(struct vm_area_struct *vma)
{
	struct sdb_buffer *buffer = vma->vm_private_data;

	kref_get(&buffer->refs);
}

static void buffer_vma_close(struct vm_area_struct *vma)
{
	sdb_buffer_put(vma->vm_private_data);
}

/* Of a mapping that is complete from the start. */
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

/* A larger page can only be put in by a fault. Returns whether it is one for that. */
static bool map_later(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	if (!buffer->ops->protect || !sdb_large_pages_fit(buffer, vma))
		return false;
	vma->vm_page_prot = buffer->ops->protect(buffer, vma->vm_page_prot);
	/* By frame numbers, as remap_pfn_range() says it. */
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
	int err = buffer->ops->map(buffer, vma);

	if (!err)
		vma->vm_ops = &buffer_vm_ops;
	return err;
}

/*
 * Existing applications map private and write. Copy on write would cut them off
 * from the coprocessor, so a private mapping becomes a shared one, for fork()
 * and mprotect() as well.
 */
static int share(struct vm_area_struct *vma)
{
	int err;

	if (vma->vm_flags & VM_SHARED)
		return 0;
	if (!(vma->vm_file->f_mode & FMODE_WRITE)) {
		/* As mmap() does for shared mappings of such a file. */
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
		return 0;
	}
	/*
	 * Some kernels count a mapping that was private before this call as
	 * writable once less than not at all. Once too often does no harm: the
	 * count is that of a f_mapping which this open file, or dma-buf, has to
	 * itself, and stands for nothing.
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
	unsigned long pages = buffer->size >> PAGE_SHIFT;
	int err;

	if (first > pages || vma_pages(vma) > pages - first)
		return -EINVAL;
	/* From here on a place in the buffer: the file's offset says which buffer. */
	vma->vm_pgoff = first;
	/* The mapping is its exporter's then: it holds the dma-buf, and need not hold us. */
	if (buffer->attachment)
		return buffer->ops->map(buffer, vma);

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
