/* SPDX-License-Identifier: MIT */
#ifndef MPU_H
#define MPU_H

/* Put the regions in force. What is in none of them keeps the architecture's default. */
void mpu_start(void);

#endif
