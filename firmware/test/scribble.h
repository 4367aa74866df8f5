/* SPDX-License-Identifier: MIT */
/*
 * Writes without an end to all memory that Linux has announced and not withdrawn. If Linux gives
 * any of it to somebody else, a test there sees its own data change.
 */
#ifndef SCRIBBLE_H
#define SCRIBBLE_H

#include <stdbool.h>
#include <stdint.h>

void scribble_add(uint32_t index, uint32_t address, uint32_t length);

/* Linux was told that this buffer is not touched again. Forget all places where it has been. */
void scribble_remove(uint32_t index);

void scribble_switch(bool on);

/* Ranges known, and those there was no place for. */
uint32_t scribble_ranges(void);
uint32_t scribble_lost(void);

/* A short step; false if there is nothing to do. */
bool scribble_poll(void);

#endif
