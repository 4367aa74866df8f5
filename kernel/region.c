// SPDX-License-Identifier: GPL-2.0-only
/*
 * A region of the device tree that Linux reserves and maps as its own memory.
 *
 * The pages of such a region have one reference each, and Linux never frees them.
 * So the reference counts say what is in use: a page with one reference is free. A
 * buffer has a second one, and so have a mapping and whoever pinned the page. This
 * stays true when the buffer, the coprocessor and even the module are gone. It
 * also holds if several pools use one region.
 */
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>

#include "parameters.h"
#include "region.h"

#define FREE	  1
#define ALLOCATED 2

/* One at a time looks for free pages and takes them. */
static DEFINE_MUTEX(region_lock);

int sdb_region_find(struct sdb_region *region, struct device_node *node)
{
	struct reserved_mem *reserved = of_reserved_mem_lookup(node);
	unsigned long at;

	if (!reserved)
		return -EINVAL;
	region->first = PFN_UP(reserved->base);
	region->end = PHYS_PFN(reserved->base + reserved->size);
	/* Linux may have refused to reserve it, and the kernel has no address of highmem. */
	for (at = region->first; at < region->end; at++)
		if (!pfn_valid(at) || !PageReserved(pfn_to_page(at)) ||
		    PageHighMem(pfn_to_page(at)))
			return -EINVAL;
	return region->end > region->first ? 0 : -EINVAL;
}

/* The last page of a range that is in use. @end if none is. */
static unsigned long find_used(unsigned long first, unsigned long end)
{
	unsigned long at;

	for (at = end; at-- > first;)
		if (page_count(pfn_to_page(at)) != FREE)
			return at;
	return end;
}

static struct page *take(unsigned long first, unsigned long end)
{
	unsigned long at;

	for (at = first; at < end; at++)
		get_page(pfn_to_page(at));
	return pfn_to_page(first);
}

struct page *sdb_region_allocate(const struct sdb_region *region, size_t size)
{
	unsigned long end = min_t(u64, region->end, PHYS_PFN(sdb_address_limit()));
	unsigned long count = size >> PAGE_SHIFT;
	unsigned long first = region->first;
	struct page *page = NULL;
	unsigned long used;

	mutex_lock(&region_lock);
	while (!page && first < end && end - first >= count) {
		used = find_used(first, first + count);
		if (used == first + count)
			page = take(first, first + count);
		first = used + 1;
	}
	mutex_unlock(&region_lock);
	return page;
}

void sdb_region_free(struct page *first, size_t size)
{
	size_t at;

	for (at = 0; at < size; at += PAGE_SIZE)
		put_page(first++);
}

bool sdb_region_is_idle(struct page *first, size_t size)
{
	size_t at;

	for (at = 0; at < size; at += PAGE_SIZE)
		if (page_count(first++) != ALLOCATED)
			return false;
	return true;
}
