// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings made of large pages, which are fewer entries for the MMU to look up.
 * Page faults fill them: nowhere else does Linux take a large page from a driver.
 */
#include <linux/mm.h>

#include "buffer.h"
#include "compat.h"
#include "large_pages.h"

#ifdef SDB_LARGE_PAGES

/* The frame number of the buffer's page at an address. */
static unsigned long frame_at(struct vm_area_struct *vma, unsigned long at)
{
	struct sdb_buffer *buffer = vma->vm_private_data;

	return PHYS_PFN(buffer->memory.address) + vma->vm_pgoff +
	       ((at - vma->vm_start) >> PAGE_SHIFT);
}

bool sdb_large_pages_fit(struct sdb_buffer *buffer, struct vm_area_struct *vma)
{
	unsigned long first = ALIGN(vma->vm_start, PMD_SIZE);
	u64 start = (u64)buffer->memory.address + ((u64)vma->vm_pgoff << PAGE_SHIFT);

	return IS_ALIGNED(vma->vm_start - start, PMD_SIZE) && first >= vma->vm_start &&
	       first < vma->vm_end && vma->vm_end - first >= PMD_SIZE;
}

/* Maps, by single pages, the part of a large page that is in the vma. */
vm_fault_t sdb_large_pages_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long at = max(ALIGN_DOWN(vmf->address, PMD_SIZE), vma->vm_start);
	unsigned long end = min(ALIGN_DOWN(vmf->address, PMD_SIZE) + PMD_SIZE, vma->vm_end);
	vm_fault_t result = VM_FAULT_NOPAGE;

	/* Huge pages were switched on meanwhile, and another thread mapped one here. */
	if (pmd_trans_huge(pmdp_get_lockless(vmf->pmd)))
		return result;
	for (; at < end && result == VM_FAULT_NOPAGE; at += PAGE_SIZE)
		result = vmf_insert_pfn(vma, at, frame_at(vma, at));
	return result;
}

vm_fault_t sdb_large_pages_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long at = ALIGN_DOWN(vmf->address, PMD_SIZE);

	if (order != PMD_ORDER || at < vma->vm_start || vma->vm_end - at < PMD_SIZE ||
	    !IS_ALIGNED(frame_at(vma, at), PTRS_PER_PTE))
		return VM_FAULT_FALLBACK;
	return vmf_insert_pfn_pmd(vmf, frame_at(vma, at), vmf->flags & FAULT_FLAG_WRITE);
}

unsigned long sdb_large_pages_place(struct file *file, dma_addr_t address, unsigned long hint,
				    unsigned long length, unsigned long flags)
{
	/* The function expects an offset in a file. It only uses the part within a large page. */
	return thp_get_unmapped_area(file, hint, length, (address & ~PMD_MASK) >> PAGE_SHIFT,
				     flags);
}

#endif
