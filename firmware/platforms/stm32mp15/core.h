/* SPDX-License-Identifier: MIT */
/*
 * Registers of the core itself: Armv7-M Architecture Reference Manual, chapter B3 (system control
 * space) and B3.5 (PMSAv7).
 */
#ifndef CORE_H
#define CORE_H

#include <stdint.h>

#define CORE_REGISTER(address) (*(volatile uint32_t *)(address))

#define NVIC_ISER(irq) CORE_REGISTER(0xe000e100 + (irq) / 32 * 4)
#define NVIC_BIT(irq)  (1u << ((irq) % 32))

#define SCB_VTOR	    CORE_REGISTER(0xe000ed08)
#define SCB_CCR		    CORE_REGISTER(0xe000ed14)
#define SCB_CCR_UNALIGN_TRP (1u << 3)
#define SCB_SHCSR	    CORE_REGISTER(0xe000ed24)
#define SCB_SHCSR_FAULTS    (7u << 16)
#define SCB_CFSR	    CORE_REGISTER(0xe000ed28)
#define SCB_CFSR_MMARVALID  (1u << 7)
#define SCB_MMFAR	    CORE_REGISTER(0xe000ed34)
#define SCB_BFAR	    CORE_REGISTER(0xe000ed38)

#define MPU_CTRL	    CORE_REGISTER(0xe000ed94)
#define MPU_CTRL_ENABLE	    (1u << 0)
#define MPU_CTRL_PRIVDEFENA (1u << 2)
#define MPU_RNR		    CORE_REGISTER(0xe000ed98)
#define MPU_RBAR	    CORE_REGISTER(0xe000ed9c)
#define MPU_RASR	    CORE_REGISTER(0xe000eda0)

#define IPSR_RESET	     1u
#define IPSR_HARD_FAULT	     3u
#define IPSR_USAGE_FAULT     6u
#define IPSR_FIRST_INTERRUPT 16u

static inline uint32_t core_ipsr(void)
{
	uint32_t number;

	__asm__ volatile("mrs %0, ipsr" : "=r"(number));
	return number & 0x1ff;
}

/* Masks interrupts. Returns what core_restore() takes. */
static inline uint32_t core_mask(void)
{
	uint32_t before;

	__asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(before) : : "memory");
	return before;
}

static inline void core_restore(uint32_t before)
{
	__asm__ volatile("msr primask, %0\n\tisb" : : "r"(before) : "memory");
}

#endif
