// SPDX-License-Identifier: MIT
/*
 * Firmware of somebody's own: it knows nothing of this project, and speaks with nobody. It has a trace buffer if TRACED says
 * from where, says hello on UART7 if SAID does, and reads a word from READ.
 */
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#ifdef TRACED
#define NAME 32

/* linux/remoteproc.h: struct resource_table, struct fw_rsc_hdr, struct fw_rsc_trace. */
static char trace_buffer[256] = "hello from " TRACED "\n";
static const struct {
	uint32_t version, count, reserved[2], offset[1];
	uint32_t type, address, length, reserved_of_trace;
	char name[NAME];
} resource_table __attribute__((section(".resource_table"), used)) = {
	.version = 1,
	.count = 1,
	.offset = { 20 },
	.type = 2,
	.address = (uint32_t)trace_buffer,
	.length = sizeof(trace_buffer),
	.name = "elsewhere",
};
#endif

#ifdef SAID
/* RM0436: RCC_MC_APB1ENSETR; UART7 with USART_CR1 and USART_TDR. */
static void say(const char *text)
{
	REGISTER(0x50000a80) = 1u << 18;
	REGISTER(0x40018000) = 1u << 3 | 1u << 0; /* TE, UE */
	while (*text)
		REGISTER(0x40018028) = *text++;
}
#endif

void start(void)
{
#ifdef SAID
	say("hello from " SAID "\n");
#endif
#ifdef READ
	(void)REGISTER(READ);
#endif
	for (;;)
		__asm__ volatile("wfi");
}

/* Stack pointer, reset. */
static const void *const vectors[] __attribute__((section(".vectors"), used)) = {
	(void *)0x10040000,
	start,
};
