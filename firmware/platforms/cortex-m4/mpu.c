// SPDX-License-Identifier: MIT
/*
 * By default a Cortex-M4 takes everything from 0xa0000000 on, and with it DDR, for a device: each access
 * by itself, in order, faulting when unaligned. What is shared with Linux is made Normal memory that is
 * never cached, and nothing that is written can be run.
 */
#include "mpu.h"

#include "board.h"
#include "core.h"

#define RASR_ENABLE	(1u << 0)
#define RASR_SIZE(log2) (((log2)-1) << 1)
#define RASR_SHAREABLE	(1u << 18)
#define RASR_NORMAL	(1u << 19) /* TEX 1, C 0, B 0: not cached */
#define RASR_READ_WRITE (3u << 24)
#define RASR_READ_ONLY	(6u << 24)
#define RASR_NEVER_RUN	(1u << 28)

static const uint32_t attributes[] = {
	[MPU_CODE] = RASR_NORMAL | RASR_READ_ONLY,
	[MPU_CONSTANT] = RASR_NORMAL | RASR_READ_ONLY | RASR_NEVER_RUN,
	[MPU_DATA] = RASR_NORMAL | RASR_READ_WRITE | RASR_NEVER_RUN,
	[MPU_SHARED] = RASR_NORMAL | RASR_SHAREABLE | RASR_READ_WRITE | RASR_NEVER_RUN,
};

void mpu_start(void)
{
	size_t i;

	MPU_CTRL = 0;
	for (i = 0; i < board_region_count; i++) {
		const struct mpu_region *region = &board_regions[i];

		MPU_RNR = i;
		MPU_RBAR = region->base;
		MPU_RASR = attributes[region->kind] | RASR_SIZE(region->size_log2) | RASR_ENABLE;
	}
	MPU_CTRL = MPU_CTRL_ENABLE | MPU_CTRL_PRIVDEFENA;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}
