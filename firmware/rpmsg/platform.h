/* SPDX-License-Identifier: MIT */
/*
 * What the firmware needs of the machine it runs on. Each machine has a folder below platforms/.
 * Its platform.mk names the sources and flags, its linker script places them, and its platform.c
 * has these functions. Nothing outside that folder knows a register or an address.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdb_service.h"

/* For `version` and the trace. */
extern const char platform_name[];

/* Where buffers may lie unless `range` says otherwise. */
extern const struct sdb_window platform_windows[];
extern const size_t platform_window_count;

/*
 * platform_start() - interrupts, doorbells and timer
 *
 * Called once by main(), on a C stack, with .data and .bss in place. Answers whatever an
 * earlier run of the firmware left unanswered.
 */
void platform_start(void);

/* platform_time_us() - microseconds since some moment before main(); does not wrap. */
uint64_t platform_time_us(void);

/*
 * platform_wait() - sleep until Linux rings a doorbell, the DMA has ended, or until @until_us
 *
 * Returns at once if one of them came since it last returned, so that nothing is lost
 * between looking for work and going to sleep. May return for no reason.
 */
void platform_wait(uint64_t until_us);

#define PLATFORM_FOREVER UINT64_MAX

/* platform_kick() - tell Linux to look at vring 0 (its receive ring) or 1. */
void platform_kick(unsigned int vring);

/*
 * platform_listen() - whether to answer Linux's doorbells for vring 1
 *
 * For tests only. What is not answered stays rung, and Linux's next doorbells queue behind it.
 */
void platform_listen(bool listen);

/* Whether the machine has a DMA that the firmware may use; if not, the next three are never called. */
extern const bool platform_has_dma;

/*
 * platform_dma_fill() - have the DMA write @word to the @words words from @to on, while this core goes on
 *
 * @to is a multiple of 4. What the DMA did before has ended or was stopped. platform_dma_busy() tells of the end, and
 * platform_wait() returns then. It goes on when this core is reset: platform_start() stops it, and platform_shut_down().
 */
void platform_dma_fill(uint32_t to, uint32_t word, uint32_t words);
bool platform_dma_busy(void);

/* platform_dma_stop() - when this returns the DMA writes no more. */
void platform_dma_stop(void);

/*
 * platform_barrier() - all accesses to memory before it are visible to Linux, and done,
 * before any after it. Also a compiler barrier.
 */
void platform_barrier(void);

/*
 * platform_shutdown_requested() - Linux wants to stop this core
 *
 * Once true it stays so. The firmware brings what it does to an end, touches shared memory no
 * more and calls platform_shut_down(), within 500 ms.
 */
bool platform_shutdown_requested(void);
_Noreturn void platform_shut_down(void);

/*
 * platform_detach_requested() - Linux goes away and leaves the firmware running
 *
 * True until platform_acknowledge_detach(), due within 200 ms. The rings must not be touched
 * between that and the next DRIVER_OK.
 */
bool platform_detach_requested(void);
void platform_acknowledge_detach(void);

/* platform_crash() - an instruction that the core does not have; the watchdog tells Linux. */
_Noreturn void platform_crash(void);

/* platform_hang() - interrupts masked, for ever; doorbells are not answered. */
_Noreturn void platform_hang(void);

#endif
