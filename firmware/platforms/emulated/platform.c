// SPDX-License-Identifier: MIT
/*
 * The coprocessor of the 64-bit emulated board. Interrupt numbers and addresses stand in
 * test/emulator/arm64/coprocessor.dtsi.
 */
#include "platform.h"

#include "core.h"
#include "gic.h"
#include "resource_table.h"
#include "trace.h"

#define TO_LINUX_VQ0	    GIC_SPI(192u)
#define TO_LINUX_WATCHDOG   GIC_SPI(194u)
#define FROM_LINUX_VQ0	    GIC_SPI(195u)
#define FROM_LINUX_VQ1	    GIC_SPI(196u)
#define FROM_LINUX_RESET    GIC_SPI(197u)
#define FROM_LINUX_SHUTDOWN GIC_SPI(198u)
#define FROM_LINUX_DETACH   GIC_SPI(199u)
#define ACK_VQ0		    GIC_SPI(200u)
#define ACK_VQ1		    GIC_SPI(201u)
#define ACK_SHUTDOWN	    GIC_SPI(202u)
#define ACK_DETACH	    GIC_SPI(203u)
#define TIMER		    30u

/* Backup registers by which stm32_rproc finds firmware that runs already. */
#define TAMP_RESOURCE_TABLE 0x5f107544u
#define TAMP_STATE	    0x5f107548u
#define TAMP_STATE_RUNNING  2u

const char platform_name[] = "emulated";

/* 512 MiB of RAM, without what the device tree keeps for the coprocessor itself. */
const struct sdb_window platform_windows[] = {
	{ 0x40000000, 0x5effffff },
	{ 0x5f120000, 0x5fffffff },
};
const size_t platform_window_count = 2;

/* Called by the vectors, in start.S. */
void platform_irq(void);
_Noreturn void platform_reset(void);
_Noreturn void platform_exception(uint64_t syndrome, uint64_t where, uint64_t address);

static volatile bool rung, shutdown, detach;
static uint32_t ticks_per_second;

void platform_barrier(void)
{
	/*
	 * DSB and not DMB: a doorbell is a register, and a write to it must not overtake memory
	 * either.
	 */
	__asm__ volatile("dsb sy" : : : "memory");
}

/*
 * The counter's frequency is a multiple of 100 kHz. Seconds are computed apart, so that nothing
 * overflows.
 */
static uint64_t us_at(uint64_t ticks)
{
	return ticks / ticks_per_second * 1000000 +
	       ticks % ticks_per_second * 1000000 / ticks_per_second;
}

/*
 * The time is asked for with every message, and a division of 64 bits takes longer than all the
 * rest. So the time is counted from a moment that is at most some seconds back: that takes a
 * division of 32 bits.
 */
uint64_t platform_time_us(void)
{
	static uint64_t base, base_us;
	uint64_t now = core_ticks();

	if (now - base > UINT32_MAX / 10) {
		base = now;
		base_us = us_at(now);
	}
	return base_us + (uint32_t)(now - base) * 10 / (ticks_per_second / 100000);
}

static uint64_t ticks_at(uint64_t us)
{
	return us / 1000000 * ticks_per_second + us % 1000000 * ticks_per_second / 1000000;
}

void platform_start(void)
{
	ticks_per_second = core_ticks_per_second();
	core_stop_timer();
	gic_start();
	gic_enable(FROM_LINUX_RESET, true);
	gic_enable(FROM_LINUX_VQ0, false);
	gic_enable(FROM_LINUX_VQ1, false);
	gic_enable(FROM_LINUX_SHUTDOWN, false);
	gic_enable(FROM_LINUX_DETACH, false);
	gic_enable(TIMER, false);
	/* A message that came while the firmware hung or was dead still waits for its answer. */
	gic_ring(ACK_VQ0);
	gic_ring(ACK_VQ1);
	gic_ring(ACK_SHUTDOWN);
	gic_ring(ACK_DETACH);
	*(volatile uint32_t *)TAMP_RESOURCE_TABLE = (uint32_t)&resource_table;
	*(volatile uint32_t *)TAMP_STATE = TAMP_STATE_RUNNING;
	platform_barrier();
	core_unmask();
}

void platform_irq(void)
{
	uint32_t id = gic_acknowledge();

	switch (id) {
	case FROM_LINUX_VQ0:
		gic_ring(ACK_VQ0);
		break;
	case FROM_LINUX_VQ1:
		gic_ring(ACK_VQ1);
		break;
	case FROM_LINUX_SHUTDOWN:
		shutdown = true;
		break;
	case FROM_LINUX_DETACH:
		detach = true;
		break;
	case TIMER:
		core_stop_timer();
		break;
	default:
		break;
	}
	rung = true;
	if (id < 1020)
		gic_end(id);
}

/*
 * Interrupts are masked between the look at the flag and the sleep. One that comes there still ends
 * the sleep, and is taken afterwards.
 */
void platform_wait(uint64_t until_us)
{
	if (until_us != PLATFORM_FOREVER)
		core_set_timer(ticks_at(until_us));
	core_mask_irq();
	if (!rung)
		core_sleep();
	core_unmask_irq();
	rung = false;
	core_stop_timer();
}

void platform_kick(unsigned int vring)
{
	gic_ring(TO_LINUX_VQ0 + vring);
}

void platform_listen(bool listen)
{
	gic_listen(FROM_LINUX_VQ1, listen);
}

bool platform_shutdown_requested(void)
{
	return shutdown;
}

const bool platform_has_dma = false;

void platform_dma_fill(uint32_t to, uint32_t word, uint32_t words)
{
	(void)to;
	(void)word;
	(void)words;
}

bool platform_dma_busy(void)
{
	return false;
}

void platform_dma_stop(void)
{
}

bool platform_detach_requested(void)
{
	return detach;
}

void platform_acknowledge_detach(void)
{
	detach = false;
	platform_barrier();
	gic_ring(ACK_DETACH);
}

_Noreturn void platform_shut_down(void)
{
	trace("shut down");
	platform_barrier();
	gic_ring(ACK_SHUTDOWN);
	for (;;)
		core_sleep();
}

_Noreturn void platform_crash(void)
{
	core_undefined();
}

_Noreturn void platform_hang(void)
{
	core_mask_irq();
	for (;;)
		__asm__ volatile("" : : : "memory");
}

/* All of memory lies below 4 GiB. */
_Noreturn void platform_exception(uint64_t syndrome, uint64_t where, uint64_t address)
{
	static const char *const kinds[] = {
		[CORE_UNDEFINED] = "undefined instruction",
		[CORE_PREFETCH_ABORT] = "prefetch abort",
		[CORE_DATA_ABORT] = "data abort",
		[CORE_OTHER] = "exception",
	};

	trace("%s at %08x, fault address %08x", kinds[core_exception(syndrome)],
	      (unsigned int)where, (unsigned int)address);
	platform_barrier();
	gic_ring(TO_LINUX_WATCHDOG);
	for (;;)
		core_sleep();
}

/* The FIQ may have come in the middle of another interrupt's handler. */
_Noreturn void platform_reset(void)
{
	gic_end(gic_acknowledge());
	gic_drop_all();
	core_stop_timer();
	core_off();
}
