// SPDX-License-Identifier: MIT
/*
 * The vector table, with the handlers' names as STM32CubeMX has them, and the way from reset to main(). The MPU stays as
 * reset leaves it, which is off: what the example needs of it, the example sets up.
 */
#include <stdint.h>

#include "core.h"
#include "ipcc.h"
#include "platform.h"
#include "registers.h"
#include "timer.h"
#include "watchdog.h"

#define INTERRUPTS 150

extern uint32_t stack_main[], bss_start[], bss_end[];
int main(void);

_Noreturn void reset(void);
void fault(void);
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
		[IPSR_RESET ... IPSR_FIRST_INTERRUPT - 2] = fault,
	},
	.interrupts = {
		[IRQ_TIM5] = TIM5_IRQHandler,
		[IRQ_IPCC_FILLED] = IPCC_RX1_IRQHandler,
		[IRQ_IPCC_ANSWERED] = IPCC_TX1_IRQHandler,
	},
};

_Noreturn void reset(void)
{
	uint32_t *word;

	for (word = bss_start; word < bss_end; word++)
		*word = 0;
	SCB_VTOR = (uint32_t)&vectors;
	main();
	platform_hang();
}

/* Linux is told, and a test sees that the coprocessor has crashed. */
void fault(void)
{
	watchdog_bite();
	platform_hang();
}

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
