// SPDX-License-Identifier: MIT
/*
 * The emulated board's coprocessor. Interrupt numbers and addresses stand in
 * test/emulator/coprocessor.dtsi.
 */
#include "platform.h"

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

#define TIMER_ENABLE 1u

const char platform_name[] = "emulated";

/* 512 MiB of RAM, without what the device tree keeps for the coprocessor itself. */
const struct sdb_window platform_windows[] = {
	{ 0x40000000, 0x5effffff },
	{ 0x5f120000, 0x5fffffff },
};
const size_t platform_window_count = 2;

_Noreturn void psci_cpu_off(void);
_Noreturn void platform_exception(uint32_t kind, uint32_t where, uint32_t address);
_Noreturn void platform_reset(void);
void platform_irq(void);

static volatile bool rung, shutdown, detach;
static uint32_t ticks_per_second;

void platform_barrier(void)
{
	/* DSB and not DMB: doorbells are registers, and must not overtake memory either. */
	__asm__ volatile("dsb sy" : : : "memory");
}

static uint64_t ticks(void)
{
	uint64_t now;

	__asm__ volatile("isb\n\tmrrc p15, 0, %Q0, %R0, c14" : "=r"(now) : : "memory");
	return now;
}

static void set_timer(uint64_t at)
{
	__asm__ volatile("mcrr p15, 2, %Q0, %R0, c14\n\t"
			 "mcr p15, 0, %1, c14, c2, 1\n\tisb"
			 :
			 : "r"(at), "r"(TIMER_ENABLE)
			 : "memory");
}

static void stop_timer(void)
{
	__asm__ volatile("mcr p15, 0, %0, c14, c2, 1\n\tisb" : : "r"(0) : "memory");
}

/* The counter's frequency is a multiple of 100 kHz; seconds apart, so that nothing overflows. */
uint64_t platform_time_us(void)
{
	uint64_t now = ticks();

	return now / ticks_per_second * 1000000 +
	       now % ticks_per_second * 1000000 / ticks_per_second;
}

static uint64_t ticks_at(uint64_t us)
{
	return us / 1000000 * ticks_per_second + us % 1000000 * ticks_per_second / 1000000;
}

void platform_start(void)
{
	__asm__ volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(ticks_per_second));
	stop_timer();
	gic_start();
	gic_enable(FROM_LINUX_RESET, true);
	gic_enable(FROM_LINUX_VQ0, false);
	gic_enable(FROM_LINUX_VQ1, false);
	gic_enable(FROM_LINUX_SHUTDOWN, false);
	gic_enable(FROM_LINUX_DETACH, false);
	gic_enable(TIMER, false);
	/* A message that found the firmware hung or dead is still waiting for its answer. */
	gic_ring(ACK_VQ0);
	gic_ring(ACK_VQ1);
	gic_ring(ACK_SHUTDOWN);
	gic_ring(ACK_DETACH);
	*(volatile uint32_t *)TAMP_RESOURCE_TABLE = (uint32_t)&resource_table;
	*(volatile uint32_t *)TAMP_STATE = TAMP_STATE_RUNNING;
	platform_barrier();
	__asm__ volatile("cpsie if" : : : "memory");
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
		stop_timer();
		break;
	default:
		break;
	}
	rung = true;
	if (id < 1020)
		gic_end(id);
}

/*
 * Masked between the look at the flag and the sleep: an interrupt that comes there ends the sleep
 * all the same, and is taken afterwards.
 */
void platform_wait(uint64_t until_us)
{
	if (until_us != PLATFORM_FOREVER)
		set_timer(ticks_at(until_us));
	__asm__ volatile("cpsid i" : : : "memory");
	if (!rung)
		__asm__ volatile("dsb sy\n\twfi" : : : "memory");
	__asm__ volatile("cpsie i\n\tisb" : : : "memory");
	rung = false;
	stop_timer();
}

void platform_kick(unsigned int vring)
{
	gic_ring(TO_LINUX_VQ0 + vring);
}

bool platform_shutdown_requested(void)
{
	return shutdown;
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
		__asm__ volatile("wfi");
}

_Noreturn void platform_crash(void)
{
	__asm__ volatile("udf #0");
	__builtin_unreachable();
}

_Noreturn void platform_hang(void)
{
	__asm__ volatile("cpsid i");
	for (;;)
		__asm__ volatile("" : : : "memory");
}

_Noreturn void platform_exception(uint32_t kind, uint32_t where, uint32_t address)
{
	static const char *const kinds[] = {
		"undefined instruction",
		"prefetch abort",
		"data abort",
	};

	trace("%s at %08x, fault address %08x", kinds[kind], (unsigned int)where,
	      (unsigned int)address);
	platform_barrier();
	gic_ring(TO_LINUX_WATCHDOG);
	for (;;)
		__asm__ volatile("wfi");
}

/* libgcc's divisions call it for a divisor of zero; this firmware has none, and must link. */
int raise(int signal);

int raise(int signal)
{
	(void)signal;
	platform_crash();
}

/* On the FIQ, which may have come in the middle of another interrupt's handler. */
_Noreturn void platform_reset(void)
{
	gic_end(gic_acknowledge());
	gic_drop_all();
	stop_timer();
	psci_cpu_off();
}
