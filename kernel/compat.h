/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels that this driver builds for, newest form
 * first. The other files are written for the newest kernel.
 */
#ifndef RPMSG_SDB_COMPAT_H
#define RPMSG_SDB_COMPAT_H

#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/eventfd.h>
#include <linux/mm.h>
#ifdef SDB_INSERT_PFN_T
#include <linux/pfn_t.h>
#endif
#include <linux/remoteproc.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "rpmsg_sdb needs Linux 5.10 or newer"
#endif

/*
 * Distributions carry new forms back, and not every release is known here. So
 * Kbuild looks into some headers, and says SDB_… where it found the older form.
 */

/* 7.x: the new name of zap_vma_ptes() says which mappings it is for. */
#ifdef SDB_ZAP_VMA_PTES
#define zap_special_vma_range(vma, address, size) zap_vma_ptes(vma, address, size)
#endif

/* 7.x: a remote processor that is deleted keeps the state that it had. */
#ifndef SDB_RPROC_DELETED
#define RPROC_DELETED RPROC_LAST
#endif

/* After 6.12: alloc_contig_range() takes flags. Before it took the kind of pages: not CMA's. */
#ifdef SDB_ALLOC_CONTIG_MIGRATETYPE
#define ACR_FLAGS_NONE MIGRATE_MOVABLE
#endif

/* Not a version, but kernels that cannot empty a range of memory. */
#ifndef CONFIG_CONTIG_ALLOC
#define alloc_contig_range(first, end, acr, gfp) (-ENOMEM)
#endif

/* 6.17: a frame number is a plain number. Before it carried flags. */
#ifdef SDB_INSERT_PFN_T
static inline vm_fault_t vmf_insert_frame_pmd(struct vm_fault *vmf, unsigned long frame, bool write)
{
	return vmf_insert_pfn_pmd(vmf, __pfn_to_pfn_t(frame, PFN_DEV), write);
}

#define vmf_insert_pfn_pmd(vmf, frame, write) vmf_insert_frame_pmd(vmf, frame, write)
#endif

/* 6.17: the new name of __PageMovable(). */
#ifdef SDB_PAGE_MOVABLE
#define page_has_movable_ops(page) __PageMovable(page)
#endif

/*
 * 6.0: 32-bit ARM synchronises in the DMA layer that all architectures share. Before it
 * had a layer of its own, and dev_is_dma_coherent() answered yes for every device.
 */
#if defined(CONFIG_ARM) && defined(CONFIG_MMU) && !defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE)
#define dev_is_dma_coherent(dev) ((dev)->archdata.dma_coherent)
#endif

/* 6.13: names of symbol namespaces are strings. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define SDB_IMPORT_DMA_BUF MODULE_IMPORT_NS(DMA_BUF)
#else
#define SDB_IMPORT_DMA_BUF MODULE_IMPORT_NS("DMA_BUF")
#endif
/* 5.16: dma-buf has a namespace. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
#undef SDB_IMPORT_DMA_BUF
#define SDB_IMPORT_DMA_BUF
#endif

/* 6.8: eventfd_signal() adds 1. Before it took the number to add. */
#ifdef SDB_EVENTFD_SIGNAL_COUNTS
#define eventfd_signal(ctx) ((void)(eventfd_signal)(ctx, 1))
#endif

/* 6.4: class_create() takes the name alone. */
#ifdef SDB_CLASS_CREATE_TAKES_OWNER
static inline struct class *class_create_owned(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name) class_create_owned(name)
#endif

/* 6.3: vm_flags is written through functions. */
#ifdef SDB_VM_FLAGS_PLAIN
static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}
#endif

/* 6.2: functions for callers that do not hold the dma-buf's lock have a name that says so. */
#ifdef SDB_DMA_BUF_MAP_LOCKS
#define dma_buf_map_attachment_unlocked	  dma_buf_map_attachment
#define dma_buf_unmap_attachment_unlocked dma_buf_unmap_attachment
#endif

/* 5.11: an exporter hands out a kernel address with its kind. On 5.10 it hands out none. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
#define SDB_DMA_BUF_HAS_MAP
#endif

/* 5.18: iosys_map was dma_buf_map. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
#define iosys_map	    dma_buf_map
#define iosys_map_set_vaddr dma_buf_map_set_vaddr
#endif

/* Not a version, but kernels without remoteproc. Nothing tells there when a core stops. */
#if !IS_ENABLED(CONFIG_REMOTEPROC)
#define rproc_get_by_child(dev)		   ((struct rproc *)NULL)
#define rproc_add_subdev(rproc, subdev)	   ((void)0)
#define rproc_remove_subdev(rproc, subdev) ((void)0)
#endif

#endif /* RPMSG_SDB_COMPAT_H */
