/* SPDX-License-Identifier: MIT */
/* Stream 0 of DMA2, from memory to memory. */
#ifndef DMA_H
#define DMA_H

#include <stdbool.h>

/*
 * Stops what an earlier run of the firmware has left running: a reset of this core does not reset
 * the DMA.
 */
void dma_start(void);

/* Whether it has ended its work since the last call. To be called with interrupts masked. */
bool dma_take_ended(void);

void dma_interrupt(void);

#endif
