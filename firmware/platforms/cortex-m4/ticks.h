/* SPDX-License-Identifier: MIT */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

/* Microseconds between two ticks, each of which ends a sleep. */
#define TICK_US 250u

void ticks_start(uint32_t clock_hz);
void ticks_stop(void);

/* On SysTick's exception. */
void ticks_interrupt(void);

/* Microseconds since ticks_start(). */
uint64_t ticks_us(void);

#endif
