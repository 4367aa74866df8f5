/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_FRAMES_H
#define RPMSG_SDB_FRAMES_H

#include <linux/types.h>

struct page;
struct sdb_region;

/*
 * Contiguous pages below the limit of addresses, each with a reference of its own.
 * They come from @region, or from Linux if that is NULL. NULL if there are none. Not
 * zeroed. May sleep.
 */
struct page *sdb_frames_allocate(const struct sdb_region *region, size_t size);

/*
 * Drop the references. If somebody else has a reference on a page, the page is freed
 * when that one is dropped.
 */
void sdb_frames_free(const struct sdb_region *region, struct page *first, size_t size);

/* Whether nobody else has a reference on one of the pages. */
bool sdb_frames_are_idle(const struct sdb_region *region, struct page *first, size_t size);

#endif /* RPMSG_SDB_FRAMES_H */
