// SPDX-License-Identifier: MIT
/* The vector table, and the way from reset to main(). */
#include <stdint.h>

#include "core.h"
#include "dma.h"
#include "ipcc.h"
#include "mpu.h"
#include "platform.h"
#include "registers.h"
#include "timer.h"
#include "trace.h"
#include "watchdog.h"

#define INTERRUPTS 150

extern uint32_t stack_main[], bss_start[], bss_end[];
int main(void);

_Noreturn void reset(void);
void fault_entry(void);
_Noreturn void fault(const uint32_t *frame);
void interrupt(void);
void IPCC_RX1_IRQHandler(void);
void IPCC_TX1_IRQHandler(void);
void TIM5_IRQHandler(void);

struct vectors {
	void *stack;
	void (*exceptions[IPSR_FIRST_INTERRUPT - 1])(void);
	void (*interrupts[INTERRUPTS])(void);
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
	.stack = stack_main,
	.exceptions = {
		[IPSR_RESET - 1] = reset,
		[IPSR_RESET ... IPSR_USAGE_FAULT - 1] = fault_entry,
		[IPSR_USAGE_FAULT ... IPSR_FIRST_INTERRUPT - 2] = fault_entry,
	},
	.interrupts = { [0 ... INTERRUPTS - 1] = interrupt },
};

_Noreturn void reset(void)
{
	uint32_t *word;

	/* Linux clears it when it loads this program, but not when it only resets the core. */
	for (word = bss_start; word < bss_end; word++)
		*word = 0;
	SCB_VTOR = (uint32_t)&vectors;
	SCB_SHCSR |= SCB_SHCSR_FAULTS;
	mpu_start();
	main();
	platform_hang();
}

/* Pass the stack pointer as it was: what the core pushed says where the fault happened. */
__attribute__((naked)) void fault_entry(void)
{
	__asm__ volatile("mov r0, sp\n\tb fault");
}

#define FRAME_PC 6

_Noreturn void fault(const uint32_t *frame)
{
	static const char *const kinds[] = {
		"hard fault",
		"memory fault",
		"bus fault",
		"usage fault",
	};
	uint32_t number = core_ipsr();
	const char *kind = "unexpected exception";
	uint32_t status = SCB_CFSR;

	if (number >= IPSR_HARD_FAULT && number <= IPSR_USAGE_FAULT)
		kind = kinds[number - IPSR_HARD_FAULT];
	trace("%s at %08x, status %08x, fault address %08x", kind, (unsigned int)frame[FRAME_PC],
	      (unsigned int)status,
	      (unsigned int)(status & SCB_CFSR_MMARVALID ? SCB_MMFAR : SCB_BFAR));
	watchdog_bite();
	platform_hang();
}

/*
 * These have the names that STM32CubeMX gives them. Handlers that are written for its vector table
 * replace them.
 */
__attribute__((weak)) void IPCC_RX1_IRQHandler(void)
{
	ipcc_interrupt();
}

__attribute__((weak)) void IPCC_TX1_IRQHandler(void)
{
	ipcc_interrupt();
}

__attribute__((weak)) void TIM5_IRQHandler(void)
{
	timer_interrupt();
}

void interrupt(void)
{
	uint32_t irq = core_ipsr() - IPSR_FIRST_INTERRUPT;

	if (irq == IRQ_IPCC_FILLED)
		IPCC_RX1_IRQHandler();
	else if (irq == IRQ_IPCC_ANSWERED)
		IPCC_TX1_IRQHandler();
	else if (irq == IRQ_TIM5)
		TIM5_IRQHandler();
	else if (irq == IRQ_DMA2_STREAM0)
		dma_interrupt();
}
