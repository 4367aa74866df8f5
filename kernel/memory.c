// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all kinds of memory share.
 */
#include <linux/device.h>

#include "memory.h"
#include "parameters.h"
#include "uapi/rpmsg_sdb.h"

bool sdb_memory_is_reachable(struct device *device, dma_addr_t address, size_t size)
{
	if ((u64)address + size <= sdb_address_limit())
		return true;
	/* Once is enough: the limit is constant. */
	dev_notice_once(device, "memory at %pad is beyond address_limit\n", &address);
	return false;
}

enum dma_data_direction sdb_memory_direction(const struct sdb_memory *memory)
{
	switch (memory->flags & (RPMSG_SDB_FROM_COPROCESSOR | RPMSG_SDB_TO_COPROCESSOR)) {
	case RPMSG_SDB_FROM_COPROCESSOR:
		return DMA_FROM_DEVICE;
	case RPMSG_SDB_TO_COPROCESSOR:
		return DMA_TO_DEVICE;
	default:
		return DMA_BIDIRECTIONAL;
	}
}
