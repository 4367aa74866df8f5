// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contiguous pages of any size, for memory that can be pinned.
 *
 * A region of the device tree has them, if there is one. Otherwise they are Linux's
 * own. The page allocator has blocks of a few MiB. Above that, Linux can empty a range
 * of memory: it moves away what can be moved, as it does for CMA. So the driver
 * looks for a range that holds nothing else.
 *
 * Pages of CMA will not do. Linux moves pages out of CMA before it pins them for
 * long, and a mapped page of a driver cannot be moved.
 */
#include <linux/jiffies.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "compat.h"
#include "frames.h"
#include "parameters.h"
#include "region.h"

/*
 * A range that could not be emptied has cost time: Linux moved what it could. Other
 * threads of the application wait meanwhile. A range of CMA costs next to nothing: Linux
 * refuses it at once, and a driver cannot know it before. So the search ends when both
 * are used up.
 */
#define FEWEST_ATTEMPTS 64
#define SHORTEST_SEARCH HZ

#define FLAGS (GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/*
 * The frame after the last that the coprocessor reaches, and that the kernel has an address of.
 * Linux empties memory in blocks. A last one that is not whole does not count.
 */
static unsigned long end_frame(void)
{
	return ALIGN_DOWN(PHYS_PFN(min_t(u64, sdb_address_limit(), (u64)__pa(high_memory - 1) + 1)),
			  pageblock_nr_pages);
}

/*
 * Linux moves the pages on its LRU lists, and those whose owner moves them. Any other page
 * stays where it is while it is in use. Linux asks much the same before it empties a
 * range, but overlooks slabs in some versions, and would move reserved huge pages.
 */
static bool stays(struct page *page)
{
	struct page *head = compound_head(page);

	/* From Linux 6.2 to 6.16 a slab can look like a page whose owner moves it. */
	if (PageSlab(head))
		return true;
	if (PageLRU(head) || page_has_movable_ops(head))
		return false;
	/* A huge page that nobody uses yet has no reference. */
	return page_count(head) || PageCompound(page);
}

/* The last frame of a range that keeps Linux from emptying it. @end if there is none. */
static unsigned long find_obstacle(unsigned long first, unsigned long end)
{
	struct zone *zone = NULL;
	unsigned long at;

	for (at = end; at-- > first;) {
		struct page *page = pfn_to_online_page(at);

		/* A zone of movable memory must not hold what cannot move. */
		if (!page || PageReserved(page) || stays(page) ||
		    page_zonenum(page) == ZONE_MOVABLE || (zone && page_zone(page) != zone))
			return at;
		zone = page_zone(page);
	}
	return end;
}

static struct page *empty_range(unsigned long count)
{
	unsigned long deadline = jiffies + SHORTEST_SEARCH;
	unsigned long end = end_frame();
	unsigned int attempts = 0;

	if (!IS_ENABLED(CONFIG_CONTIG_ALLOC))
		return NULL;
	/* From the top: what cannot be moved gathers at the bottom. */
	while (end >= count && !fatal_signal_pending(current) &&
	       (attempts < FEWEST_ATTEMPTS || time_before(jiffies, deadline))) {
		unsigned long first = ALIGN_DOWN(end - count, pageblock_nr_pages);
		unsigned long obstacle = find_obstacle(first, first + count);

		cond_resched();
		if (obstacle < first + count) {
			end = obstacle;
			continue;
		}
		if (!alloc_contig_range(first, first + count, ACR_FLAGS_NONE, FLAGS))
			return pfn_to_page(first);
		/* One step down. */
		end = first + count - 1;
		attempts++;
	}
	return NULL;
}

/*
 * Linux gathers new pages, and puts many at once on its LRU lists. Until then they look
 * like pages that stay. lru_add_drain_all() would put them there, and is not exported.
 * Linux does the same before it moves what is in a range, even in a range of one page.
 */
static bool put_new_pages_on_lists(void)
{
	struct page *page = empty_range(1);

	if (page)
		__free_page(page);
	return page;
}

static struct page *find_range(unsigned long count)
{
	struct page *first = empty_range(count);

	if (!first && put_new_pages_on_lists())
		first = empty_range(count);
	return first;
}

static struct page *allocate_from_linux(size_t size)
{
	void *block = alloc_pages_exact(size, FLAGS | GFP_DMA32);

	if (block && (u64)virt_to_phys(block) + size <= sdb_address_limit())
		return virt_to_page(block);
	if (block)
		free_pages_exact(block, size);
	return find_range(size >> PAGE_SHIFT);
}

struct page *sdb_frames_allocate(const struct sdb_region *region, size_t size)
{
	return region ? sdb_region_allocate(region, size) : allocate_from_linux(size);
}

void sdb_frames_free(const struct sdb_region *region, struct page *first, size_t size)
{
	if (region)
		sdb_region_free(first, size);
	else
		free_pages_exact(page_address(first), size);
}

bool sdb_frames_are_idle(const struct sdb_region *region, struct page *first, size_t size)
{
	size_t at;

	if (region)
		return sdb_region_is_idle(first, size);
	for (at = 0; at < size; at += PAGE_SIZE)
		if (page_count(first++) != 1)
			return false;
	return true;
}
