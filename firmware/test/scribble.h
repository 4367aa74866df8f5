/* SPDX-License-Identifier: MIT */
/*
 * Writing, on and on, to all memory Linux ever announced and did not withdraw: if any of it is
 * given to somebody else in Linux, a canary there dies.
 */
#ifndef SCRIBBLE_H
#define SCRIBBLE_H

#include <stdbool.h>
#include <stdint.h>

void scribble_add(uint32_t index, uint32_t address, uint32_t length);

/* Linux was told that this buffer is not touched again: forget wherever it ever was. */
void scribble_remove(uint32_t index);

void scribble_switch(bool on);

/* Ranges known, and those there was no place for. */
uint32_t scribble_ranges(void);
uint32_t scribble_lost(void);

/* A short step; false if there is nothing to do. */
bool scribble_poll(void);

#endif
