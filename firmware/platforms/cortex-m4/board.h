/* SPDX-License-Identifier: MIT */
/*
 * What differs between chips with a Cortex-M4 and an IPCC, and a machine that stands in for one:
 * the rest of this folder is the same code on both.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/*
 * The IPCC as the coprocessor (its processor 2) sees it: STM32MP15 reference manual RM0436, chapter
 * "Inter-processor communication controller". Six channels, of which bits 0 to 5 stand for "filled by
 * Linux" and bits 16 to 21 for "filled by this core".
 */
#define IPCC_TO_LINUX(channels) ((channels) << 16)

/* Channels that Linux has filled and this core has not answered (C1TOC2SR). */
uint32_t board_ipcc_from_linux(void);

/* Channels that this core has filled and Linux has not answered (C2TOC1SR). */
uint32_t board_ipcc_to_linux(void);

/* Interrupts that are not wanted: of filled channels below, of answered ones above (C2MR). */
void board_ipcc_mask(uint32_t mask);

/* Answer Linux's channels below, fill our own above (C2SCR). */
void board_ipcc_change(uint32_t channels);

/* Interrupt numbers of the two; board_start() makes the IPCC raise them. */
extern const uint32_t board_ipcc_filled_irq, board_ipcc_answered_irq;

void board_start(void);

/* Any other interrupt that board_start() has enabled. */
void board_interrupt(uint32_t irq);

/* Cycles of the core a second. */
uint32_t board_clock_hz(void);

/* Linux's watchdog for this core: makes remoteproc recover it. */
void board_bite(void);

/* How a stretch of memory is to be used; see mpu.c. Base is a multiple of the size. */
enum mpu_kind {
	MPU_CODE,
	MPU_CONSTANT,
	MPU_DATA,
	MPU_SHARED,
};

struct mpu_region {
	uint32_t base;
	uint32_t size_log2;
	enum mpu_kind kind;
};

extern const struct mpu_region board_regions[];
extern const size_t board_region_count;

#endif
