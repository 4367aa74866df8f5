// SPDX-License-Identifier: MIT
/*
 * Without this, 0xc0000000 and above is Device memory by the core's default map (ARMv7-M, B3.1): an
 * access that is not aligned is a UsageFault there. It is a HardFault where faults have no handlers
 * of their own. memcpy() makes such accesses. A firmware whose MPU has no region for DDR and no
 * PRIVDEFENA gets a MemManage fault for every access.
 *
 * The Cortex-M4 has no cache, so there is nothing to clean. "Not cacheable" says the same to the bus.
 */
#include "sdb_mpu.h"

#include <stdint.h>

/* ARMv7-M, B3.5. With CMSIS they are MPU->CTRL, RNR, RBAR and RASR. */
#define MPU_CTRL	(*(volatile uint32_t *)0xe000ed94u)
#define MPU_RNR		(*(volatile uint32_t *)0xe000ed98u)
#define MPU_RBAR	(*(volatile uint32_t *)0xe000ed9cu)
#define MPU_RASR	(*(volatile uint32_t *)0xe000eda0u)
#define CTRL_ENABLE	(1u << 0)
#define CTRL_PRIVDEFENA (1u << 2)
#define RASR_ENABLE	(1u << 0)
#define RASR_512_MIB	(28u << 1)
#define RASR_SHAREABLE	(1u << 18)
#define RASR_NORMAL	(1u << 19) /* TEX 1, C 0, B 0: Normal memory, not cacheable */
#define RASR_READ_WRITE (3u << 24)
#define RASR_NEVER_RUN	(1u << 28)

void sdb_mpu_open_ddr(void)
{
	uint32_t control = MPU_CTRL;

	/*
	 * If the MPU was off, the default map is switched on below this one region. So all else
	 * stays as it was.
	 */
	if (!(control & CTRL_ENABLE))
		control = CTRL_PRIVDEFENA;
	MPU_CTRL = 0;
	MPU_RNR = 7;
	MPU_RBAR = 0xc0000000;
	MPU_RASR = RASR_NORMAL | RASR_SHAREABLE | RASR_READ_WRITE | RASR_NEVER_RUN | RASR_512_MIB |
		   RASR_ENABLE;
	MPU_CTRL = control | CTRL_ENABLE;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}
