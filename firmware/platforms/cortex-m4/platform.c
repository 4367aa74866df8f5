// SPDX-License-Identifier: MIT
#include "platform.h"

#include "board.h"
#include "core.h"
#include "ipcc.h"
#include "ticks.h"
#include "trace.h"

void platform_barrier(void)
{
	/* DSB and not DMB: doorbells are registers, and must not overtake memory either. */
	__asm__ volatile("dsb" : : : "memory");
}

uint64_t platform_time_us(void)
{
	return ticks_us();
}

void platform_start(void)
{
	ticks_start(board_clock_hz());
	board_start();
	ipcc_start();
}

/*
 * Masked between the look at the flag and the sleep: an interrupt that comes there ends the sleep
 * all the same, and is taken afterwards.
 */
void platform_wait(uint64_t until_us)
{
	bool worth_it = until_us > ticks_us() + TICK_US;
	uint32_t before = core_mask();

	if (worth_it && !ipcc_rung())
		__asm__ volatile("dsb\n\twfi" : : : "memory");
	core_restore(before);
	ipcc_forget_ring();
}

void platform_kick(unsigned int vring)
{
	ipcc_ring(vring == 0 ? IPCC_VQ0 : IPCC_VQ1);
}

bool platform_shutdown_requested(void)
{
	return ipcc_asked(IPCC_SHUTDOWN);
}

bool platform_detach_requested(void)
{
	return ipcc_asked(IPCC_DETACH);
}

void platform_acknowledge_detach(void)
{
	platform_barrier();
	ipcc_answer(IPCC_DETACH);
}

_Noreturn void platform_shut_down(void)
{
	trace("shut down");
	ticks_stop();
	core_mask();
	platform_barrier();
	/* Linux resets this core as soon as it reads the answer. */
	ipcc_answer(IPCC_SHUTDOWN);
	for (;;)
		__asm__ volatile("wfi");
}

_Noreturn void platform_crash(void)
{
	__asm__ volatile("udf #0");
	__builtin_unreachable();
}

_Noreturn void platform_hang(void)
{
	core_mask();
	for (;;)
		__asm__ volatile("" : : : "memory");
}
