/* SPDX-License-Identifier: MIT */
#ifndef SDB_MPU_H
#define SDB_MPU_H

/*
 * Lets a Cortex-M4 of the STM32MP15 use DDR as memory, with accesses of any alignment. To be called once, before the
 * first buffer is written to. It takes the MPU's region 7, which wins over those below it.
 */
void sdb_mpu_open_ddr(void);

#endif
