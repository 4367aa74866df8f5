// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>

#include "parameters.h"

static unsigned int max_buffers = 1024;
module_param(max_buffers, uint, 0644);
MODULE_PARM_DESC(max_buffers, "buffers an open file may have (default 1024)");

static unsigned long max_file_mib;
module_param(max_file_mib, ulong, 0644);
MODULE_PARM_DESC(max_file_mib,
		 "MiB of buffers an open file may own at a time (default 0: as much as max_mib)");

static unsigned long max_mib;
module_param(max_mib, ulong, 0644);
MODULE_PARM_DESC(max_mib,
		 "MiB for a coprocessor, retired memory included (default 0: a quarter of memory)");

/* ARMv7-M has its system space from 0xe0000000 on. A Cortex-M reaches no memory there. */
static unsigned long address_limit = 0xe0000000UL;
module_param(address_limit, ulong, 0444);
MODULE_PARM_DESC(address_limit,
		 "physical address below which buffers end, at most 4 GiB (default 0xe0000000)");

static unsigned int peer;
module_param(peer, uint, 0444);
MODULE_PARM_DESC(peer,
		 "of a peer that cannot say so: 1 hand-over, 2 withdrawal, 4 batches (default 0)");

unsigned int sdb_max_buffers(void)
{
	return clamp(READ_ONCE(max_buffers), 1U, (unsigned int)INT_MAX);
}

u64 sdb_max_bytes(void)
{
	u64 mib = READ_ONCE(max_mib);

	return mib ? mib << 20 : ((u64)totalram_pages() << PAGE_SHIFT) / 4;
}

u64 sdb_max_file_bytes(void)
{
	u64 mib = READ_ONCE(max_file_mib);

	return mib ? mib << 20 : sdb_max_bytes();
}

u64 sdb_address_limit(void)
{
	return min_t(u64, address_limit, 1ULL << 32);
}

u32 sdb_forced_peer(void)
{
	return peer;
}

int sdb_parameters_check(void)
{
	if (address_limit >= PAGE_SIZE)
		return 0;
	pr_err("address_limit=0x%lx leaves no room for a buffer; the default is 0xe0000000\n",
	       address_limit);
	return -EINVAL;
}
