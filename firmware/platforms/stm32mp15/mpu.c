// SPDX-License-Identifier: MIT
/*
 * By default a Cortex-M4 takes everything from 0xa0000000 on for a device, and so DDR too. Then
 * each access is made by itself and in order, and an unaligned one faults. Here memory that is
 * shared with Linux becomes Normal memory that is never cached. Memory that can be written cannot
 * be executed.
 */
#include "mpu.h"

#include <stddef.h>

#include "core.h"

#define RASR_ENABLE	(1u << 0)
#define RASR_SIZE(log2) (((log2)-1) << 1)
#define RASR_SHAREABLE	(1u << 18)
#define RASR_NORMAL	(1u << 19) /* TEX 1, C 0, B 0: not cached */
#define RASR_READ_WRITE (3u << 24)
#define RASR_READ_ONLY	(6u << 24)
#define RASR_NEVER_RUN	(1u << 28)

/* How a stretch of memory is to be used. */
enum mpu_kind {
	MPU_CODE,
	MPU_CONSTANT,
	MPU_DATA,
	MPU_SHARED,
};

static const uint32_t attributes[] = {
	[MPU_CODE] = RASR_NORMAL | RASR_READ_ONLY,
	[MPU_CONSTANT] = RASR_NORMAL | RASR_READ_ONLY | RASR_NEVER_RUN,
	[MPU_DATA] = RASR_NORMAL | RASR_READ_WRITE | RASR_NEVER_RUN,
	[MPU_SHARED] = RASR_NORMAL | RASR_SHAREABLE | RASR_READ_WRITE | RASR_NEVER_RUN,
};

/* Base is a multiple of the size. */
static const struct {
	uint32_t base;
	uint32_t size_log2;
	enum mpu_kind kind;
} regions[] = {
	{ 0x00000000, 16, MPU_CONSTANT }, /* retram: vectors */
	{ 0x10000000, 16, MPU_CODE },
	{ 0x10010000, 16, MPU_DATA },
	{ 0x10020000, 17, MPU_DATA },
	{ 0x10040000, 15, MPU_SHARED }, /* vrings and their buffers */
	{ 0xc0000000, 29, MPU_SHARED },
};

void mpu_start(void)
{
	size_t i;

	MPU_CTRL = 0;
	for (i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		MPU_RNR = i;
		MPU_RBAR = regions[i].base;
		MPU_RASR = attributes[regions[i].kind] | RASR_SIZE(regions[i].size_log2) |
			   RASR_ENABLE;
	}
	MPU_CTRL = MPU_CTRL_ENABLE | MPU_CTRL_PRIVDEFENA;
	/* So that an unaligned access is found wherever it is, not only where memory is a device. */
	SCB_CCR |= SCB_CCR_UNALIGN_TRP;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}
