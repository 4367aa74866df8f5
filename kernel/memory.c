// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all kinds of memory share.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include "memory.h"
#include "parameters.h"
#include "uapi/rpmsg_sdb.h"

bool sdb_memory_is_reachable(struct device *device, dma_addr_t address, size_t size)
{
	if ((u64)address + size <= sdb_address_limit())
		return true;
	/* Once is enough: the limit is constant. */
	dev_notice_once(device,
			"memory at %pad is beyond address_limit; try cma=64M@0-0xe0000000\n",
			&address);
	return false;
}

int sdb_memory_map_pages(struct sdb_memory *memory, struct page *first)
{
	struct device *device = memory->device;

	memory->address = dma_map_page(device, first, 0, memory->size, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(device, memory->address))
		return -ENOMEM;
	if (memory->address == page_to_phys(first))
		return 0;
	dma_unmap_page(device, memory->address, memory->size, DMA_BIDIRECTIONAL);
	return -ENOMEM;
}

enum dma_data_direction sdb_memory_direction(u32 flags)
{
	switch (flags & (RPMSG_SDB_FROM_COPROCESSOR | RPMSG_SDB_TO_COPROCESSOR)) {
	case RPMSG_SDB_FROM_COPROCESSOR:
		return DMA_FROM_DEVICE;
	case RPMSG_SDB_TO_COPROCESSOR:
		return DMA_TO_DEVICE;
	default:
		return DMA_BIDIRECTIONAL;
	}
}

void sdb_memory_share(struct sdb_memory *memory)
{
	WRITE_ONCE(memory->direction, DMA_BIDIRECTIONAL);
}
