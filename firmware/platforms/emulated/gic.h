/* SPDX-License-Identifier: MIT */
/* The part of a GICv2 that one core of two needs while the other runs Linux on it. */
#ifndef GIC_H
#define GIC_H

#include <stdbool.h>
#include <stdint.h>

#define GIC_SPI(number) ((number) + 32u)

/* This core's interface, with group 0 as FIQ and group 1 as IRQ. */
void gic_start(void);

/* Route an interrupt to this core, clean, and enable it. */
void gic_enable(uint32_t id, bool fiq);

/* Whether this core takes it. An interrupt that comes while it is not taken stays pending. */
void gic_listen(uint32_t id, bool listen);

/* Make an interrupt pending, whoever's it is. */
void gic_ring(uint32_t id);

/* Take an interrupt; 1020 and above stand for none. And end its handling. */
uint32_t gic_acknowledge(void);
void gic_end(uint32_t id);

/* Leave no interrupt active: a reset of the core does not reset its interface. */
void gic_drop_all(void);

#endif
