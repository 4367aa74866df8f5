/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels this driver builds for, newest form
 * first. The other files are written for the newest kernel.
 */
#ifndef RPMSG_SDB_COMPAT_H
#define RPMSG_SDB_COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/mm.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "rpmsg_sdb needs Linux 5.10 or newer"
#endif

/*
 * 6.8: eventfd_signal() adds 1. Before it took the number to add. Distributions
 * carried it back, so Kbuild looks into the header.
 */
#ifdef SDB_EVENTFD_SIGNAL_COUNTS
#define eventfd_signal(ctx) ((void)(eventfd_signal)(ctx, 1))
#endif

/* 6.4: class_create() takes the name alone. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline struct class *class_create_owned(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name) class_create_owned(name)
#endif

/* 6.3: vm_flags is written through functions. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif /* RPMSG_SDB_COMPAT_H */
