/* SPDX-License-Identifier: MIT */
/*
 * Time is read from a counter and not made of interrupts: however long this core is kept from taking one, it is right.
 * The counter is TIM5, which Linux leaves alone on ST's boards.
 */
#ifndef TIMER_H
#define TIMER_H

#include <stdbool.h>
#include <stdint.h>

void timer_start(void);
void timer_stop(void);

/* Microseconds since timer_start(). To be called once in 35 minutes at least; timer_wake_at() sees to that in a sleep. */
uint64_t timer_us(void);

/* Asks for an interrupt at that time or some before. False: it is not worth a sleep any more. */
bool timer_wake_at(uint64_t us);

/* On the timer's interrupt. */
void timer_interrupt(void);

#endif
