/* SPDX-License-Identifier: MIT */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Cycles of this core a second, as the boot loader has set them up. */
uint32_t clock_hz(void);

#endif
