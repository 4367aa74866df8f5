/* SPDX-License-Identifier: MIT */
/* Stream 0 of DMA2, from memory to memory. */
#ifndef DMA_H
#define DMA_H

#include <stdbool.h>

/* Stops what an earlier run of the firmware has left at work: this core's reset is not the DMA's. */
void dma_start(void);

/* Whether it has ended its work since this was last asked. With interrupts masked. */
bool dma_take_ended(void);

void dma_interrupt(void);

#endif
