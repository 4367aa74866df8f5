// SPDX-License-Identifier: MIT
/*
 * An IPCC made of memory, on QEMU's mps2-an386. The other processor's side of it is a serial line: a
 * byte from the host fills one of its channels or answers one of ours, a byte to the host tells the
 * same of this side. Everything between that and the interrupts is as RM0436 has it.
 */
#include "board.h"

#include "core.h"
#include "platform.h"

/* The first UART: Arm Cortex-M System Design Kit, APB UART. */
#define UART(offset)	       CORE_REGISTER(0x40004000 + (offset))
#define UART_DATA	       UART(0x0)
#define UART_STATE	       UART(0x4)
#define UART_STATE_TX_FULL     (1u << 0)
#define UART_CTRL	       UART(0x8)
#define UART_CTRL_TX_ENABLE    (1u << 0)
#define UART_CTRL_RX_ENABLE    (1u << 1)
#define UART_CTRL_RX_INTERRUPT (1u << 3)
#define UART_CLEAR	       UART(0xc)
#define UART_CLEAR_RX	       (1u << 1)
#define UART_DIVIDER	       UART(0x10)
#define UART_RX_IRQ	       0

/* What a byte on the line says; channels are in its low bits. */
#define FILLED	 0x00
#define ANSWERED 0x10
#define BITTEN	 0x20

#define CHANNELS 6

const char platform_name[] = "stm32mp15-qemu";

const struct sdb_window platform_windows[] = { { 0x21800000, 0x21ffffff } };
const size_t platform_window_count = 1;

const struct mpu_region board_regions[] = {
	{ 0x00000000, 16, MPU_CODE },
	{ 0x21000000, 18, MPU_DATA },
	{ 0x21040000, 16, MPU_SHARED }, /* vrings and their buffers */
	{ 0x21800000, 23, MPU_SHARED }, /* in place of DDR */
};
const size_t board_region_count = 4;

/* Two that no device of the machine raises. */
const uint32_t board_ipcc_filled_irq = 30, board_ipcc_answered_irq = 31;

static uint32_t from_linux, to_linux, mask;

static void say(uint32_t what)
{
	while (UART_STATE & UART_STATE_TX_FULL)
		continue;
	UART_DATA = what;
}

/* The lines stay up while there is reason, so they are looked at after each change. */
static void raise_lines(void)
{
	if (from_linux & ~mask)
		NVIC_ISPR(board_ipcc_filled_irq) = NVIC_BIT(board_ipcc_filled_irq);
	if (~to_linux & ~(mask >> 16) & ((1u << CHANNELS) - 1))
		NVIC_ISPR(board_ipcc_answered_irq) = NVIC_BIT(board_ipcc_answered_irq);
}

uint32_t board_ipcc_from_linux(void)
{
	return from_linux;
}

uint32_t board_ipcc_to_linux(void)
{
	return to_linux;
}

void board_ipcc_mask(uint32_t wanted)
{
	uint32_t before = core_mask();

	mask = wanted;
	raise_lines();
	core_restore(before);
}

void board_ipcc_change(uint32_t channels)
{
	uint32_t before = core_mask();
	uint32_t i;

	for (i = 0; i < CHANNELS; i++) {
		uint32_t bit = 1u << i;

		if (channels & from_linux & bit) {
			from_linux &= ~bit;
			say(ANSWERED | i);
		}
		if ((channels >> 16) & ~to_linux & bit) {
			to_linux |= bit;
			say(FILLED | i);
		}
	}
	raise_lines();
	core_restore(before);
}

void board_start(void)
{
	UART_DIVIDER = 16;
	UART_CTRL = UART_CTRL_TX_ENABLE | UART_CTRL_RX_ENABLE | UART_CTRL_RX_INTERRUPT;
	NVIC_ISER(UART_RX_IRQ) = NVIC_BIT(UART_RX_IRQ);
}

void board_interrupt(uint32_t irq)
{
	uint32_t said, bit;

	if (irq != UART_RX_IRQ)
		return;
	UART_CLEAR = UART_CLEAR_RX;
	said = UART_DATA;
	bit = 1u << (said & 0xf);
	if ((said & 0xf0) == FILLED)
		from_linux |= bit;
	else if ((said & 0xf0) == ANSWERED)
		to_linux &= ~bit;
	raise_lines();
}

uint32_t board_clock_hz(void)
{
	return 25000000;
}

void board_bite(void)
{
	say(BITTEN);
}
