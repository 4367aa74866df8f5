/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_LARGE_PAGES_H
#define RPMSG_SDB_LARGE_PAGES_H

#include <linux/mm_types.h>

struct file;
struct sdb_buffer;

/*
 * Linux must be able to mark a large page as one without a struct page. Otherwise
 * get_user_pages_fast(), which only looks at page tables, would pin it.
 */
#if defined(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP) && defined(CONFIG_TRANSPARENT_HUGEPAGE)
#define SDB_LARGE_PAGES

/* Whether the vma has a place where a whole large page of the buffer can be. */
bool sdb_large_pages_fit(struct sdb_buffer *buffer, struct vm_area_struct *vma);

/* Page faults in a vma that begins with the buffer's page vm_pgoff. */
vm_fault_t sdb_large_pages_fault(struct vm_fault *vmf);
vm_fault_t sdb_large_pages_huge_fault(struct vm_fault *vmf, unsigned int order);

/*
 * Where to map @length bytes of memory that begins at @address. Does what
 * get_unmapped_area() does, and finds a place where large pages fit.
 */
unsigned long sdb_large_pages_place(struct file *file, dma_addr_t address, unsigned long hint,
				    unsigned long length, unsigned long flags);
#endif

#endif /* RPMSG_SDB_LARGE_PAGES_H */
