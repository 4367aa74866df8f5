/* SPDX-License-Identifier: MIT */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Cycles per second of the timers TIM2 to TIM7, as the boot loader has set them up. */
uint32_t clock_timer_hz(void);

#endif
