/* SPDX-License-Identifier: MIT */
#ifndef MPU_H
#define MPU_H

/* Switch the regions on. Addresses in none of them keep the architecture's default. */
void mpu_start(void);

#endif
