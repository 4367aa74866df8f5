/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_FRAMES_H
#define RPMSG_SDB_FRAMES_H

#include <linux/types.h>

struct page;

/*
 * Contiguous pages of Linux's own, below the limit of addresses, each with a
 * reference of its own. NULL if there are none. Not zeroed. May sleep.
 */
struct page *sdb_frames_allocate(size_t size);

/*
 * Drop the references. A page that somebody else has a reference on goes back to
 * Linux when that is dropped.
 */
void sdb_frames_free(struct page *first, size_t size);

#endif /* RPMSG_SDB_FRAMES_H */
