// SPDX-License-Identifier: MIT
#include "hand.h"

#ifdef __thumb__
/* Of two bytes, which the fault's handler skips. */
#define WIDTH ".n"
#else
#define WIDTH
#endif

static uint32_t read_word(uint32_t address)
{
	uint32_t value = 0;

	__asm__ volatile("ldr" WIDTH " %0, [%1]\n\tdsb" : "+l"(value) : "l"(address) : "memory");
	return value;
}

static void write_word(uint32_t address, uint32_t value)
{
	__asm__ volatile("str" WIDTH " %0, [%1]\n\tdsb" : : "l"(value), "l"(address) : "memory");
}

static uint32_t run(uint32_t address)
{
	return ((uint32_t(*)(void))address)();
}

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* A waiting core rests for so long. If it span, it would take the time of the host's processor from the test. */
#define RESTS_PER_SECOND 2000

#ifdef __thumb__
#define SYST_CSR	   REGISTER(0xe000e010)
#define SYST_RVR	   REGISTER(0xe000e014)
#define SYST_CSR_ENABLE	   (1u << 0)
#define SYST_CSR_TICKINT   (1u << 1)
#define SYST_CSR_CLKSOURCE (1u << 2) /* the core's own clock */
#define CLOCK_AFTER_RESET  64000000  /* HSI */

static void prepare_rest(void)
{
	SYST_RVR = CLOCK_AFTER_RESET / RESTS_PER_SECOND;
	SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE;
}

static void rest(void)
{
	__asm__ volatile("wfi");
}

static void system_order(uint32_t order, uint32_t address)
{
	if (order == RUN)
		hand->value = run(address);
}
#else
#define SET(register, value) __asm__ volatile("mcr p15, 0, %0, " register : : "r"(value) : "memory")
#define GET(value, register) __asm__ volatile("mrc p15, 0, %0, " register : "=r"(value))
#define GICD_CTLR	     REGISTER(0xa0021000)
#define GICD_ISENABLER0	     REGISTER(0xa0021100)
#define GICC_CTLR	     REGISTER(0xa0022000)
#define GICC_PMR	     REGISTER(0xa0022004)
#define VIRTUAL_TIMER	     27 /* its interrupt, of this core alone */

/* The core takes no interrupts, but each of them ends its rest. */
static void prepare_rest(void)
{
	GICD_ISENABLER0 = 1u << VIRTUAL_TIMER;
	GICD_CTLR = 1;
	GICC_PMR = 0xff;
	GICC_CTLR = 1;
}

static void rest(void)
{
	uint32_t frequency;

	GET(frequency, "c14, c0, 0");			 /* CNTFRQ */
	SET("c14, c3, 0", frequency / RESTS_PER_SECOND); /* CNTV_TVAL */
	SET("c14, c3, 1", 1);				 /* CNTV_CTL */
	__asm__ volatile("isb\n\twfi");
}

#define DOMAINS_OPEN 0xffffffff
#define SCTLR_M	     (1u << 0)

#define TTBCR_EAE	 (1u << 31)
#define MAIR0_ATTRIBUTES 0x0044ff04

static void map(uint32_t table, uint32_t ttbcr)
{
	uint32_t sctlr;

	SET("c10, c2, 0", MAIR0_ATTRIBUTES);
	SET("c2, c0, 2", ttbcr);						   /* TTBCR */
	__asm__ volatile("isb\n\tmcrr p15, 0, %0, %1, c2" : : "r"(table), "r"(0)); /* TTBR0 */
	SET("c3, c0, 0", DOMAINS_OPEN);						   /* DACR */
	SET("c8, c7, 0", 0);							   /* TLBIALL */
	__asm__ volatile("isb\n\tmrc p15, 0, %0, c1, c0, 0" : "=r"(sctlr));
	SET("c1, c0, 0", sctlr | SCTLR_M);
	__asm__ volatile("isb");
}

static uint32_t run_as_application(uint32_t address)
{
	register uint32_t value __asm__("r0") = address;

	__asm__ volatile("cps #0x10\n\tblx %0\n\tsvc #0" : "+r"(value) : : "lr", "memory", "cc");
	return value;
}

static void system_order(uint32_t order, uint32_t address)
{
	switch (order) {
	case INVALIDATE:
		SET("c7, c6, 1", address); /* DCIMVAC */
		break;
	case CLEAN:
		SET("c7, c10, 1", address); /* DCCMVAC */
		break;
	case CLEAN_INVALIDATE:
		SET("c7, c14, 1", address); /* DCCIMVAC */
		break;
	case CLEAN_SET_WAY:
		SET("c7, c10, 2", address); /* DCCSW */
		break;
	case DOMAINS:
		SET("c3, c0, 0", address); /* DACR */
		break;
	case SPACE:
		SET("c13, c0, 1", address); /* CONTEXTIDR */
		break;
	case FORGET_PAGE:
		SET("c8, c7, 1", address); /* TLBIMVA */
		break;
	case FORGET_SPACE:
		SET("c8, c7, 2", address); /* TLBIASID */
		break;
	case READ_AS_APPLICATION:
		__asm__ volatile("ldrt %0, [%1]" : "=r"(hand->value) : "r"(address));
		break;
	case RUN:
		hand->value = run(address);
		break;
	case RUN_AS_APPLICATION:
		hand->value = run_as_application(address);
		break;
	case FORGET_ALL:
		SET("c8, c7, 0", address); /* TLBIALL */
		break;
	case MAP_LONG:
		map(address, TTBCR_EAE);
		break;
	default:
		map(address, 0);
	}
	__asm__ volatile("dsb\n\tisb");
}
#endif

_Noreturn void serve(void)
{
	prepare_rest();
	for (;;) {
		hand->turns++;
		if (hand->order == IDLE) {
			rest();
			continue;
		}
		hand->fault = 0;
		if (hand->order == READ)
			hand->value = read_word(hand->address);
		else if (hand->order == WRITE)
			write_word(hand->address, hand->value);
		else
			system_order(hand->order, hand->address);
		hand->order = IDLE;
	}
}
