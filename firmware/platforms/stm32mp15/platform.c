// SPDX-License-Identifier: MIT
#include "platform.h"

#include "core.h"
#include "dma.h"
#include "ipcc.h"
#include "timer.h"
#include "trace.h"

const char platform_name[] = "stm32mp15";

/* DDR as far as this core can address it: the core's own registers follow at 0xe0000000. */
const struct sdb_window platform_windows[] = { { 0xc0000000, 0xdfffffff } };
const size_t platform_window_count = 1;

void platform_barrier(void)
{
	/*
	 * DSB and not DMB: a doorbell is a register, and a write to it must not overtake memory
	 * either.
	 */
	__asm__ volatile("dsb" : : : "memory");
}

uint64_t platform_time_us(void)
{
	return timer_us();
}

void platform_start(void)
{
	timer_start();
	dma_start();
	ipcc_start();
}

/*
 * Interrupts are masked between the look at the flag and the sleep. One that comes there still ends
 * the sleep, and is taken afterwards.
 */
void platform_wait(uint64_t until_us)
{
	uint32_t before = core_mask();

	if (!dma_take_ended() && !ipcc_rung() && timer_wake_at(until_us))
		__asm__ volatile("dsb\n\twfi" : : : "memory");
	core_restore(before);
	ipcc_forget_ring();
}

void platform_kick(unsigned int vring)
{
	ipcc_ring(vring == 0 ? IPCC_VQ0 : IPCC_VQ1);
}

void platform_listen(bool listen)
{
	ipcc_listen(IPCC_VQ1, listen);
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
	platform_dma_stop();
	timer_stop();
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
