/* SPDX-License-Identifier: MIT */
/*
 * Time is read from a counter and not counted by interrupts. So it is right however late this core
 * takes an interrupt. The counter is TIM5, which Linux leaves alone on ST's boards.
 */
#ifndef TIMER_H
#define TIMER_H

#include <stdbool.h>
#include <stdint.h>

void timer_start(void);
void timer_stop(void);

/*
 * Microseconds since timer_start(). It must be called at least once in 35 minutes. During a sleep
 * timer_wake_at() takes care of that.
 */
uint64_t timer_us(void);

/*
 * Asks for an interrupt at that time or somewhat earlier. False: the time is too near for a sleep.
 */
bool timer_wake_at(uint64_t us);

/* On the timer's interrupt. */
void timer_interrupt(void);

#endif
