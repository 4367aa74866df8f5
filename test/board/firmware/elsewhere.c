// SPDX-License-Identifier: MIT
/* Firmware of somebody's own: it knows nothing of this project, has a trace buffer if TRACED says from where, and speaks with nobody. */
#include <stdint.h>

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

void start(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

/* Stack pointer, reset. */
static const void *const vectors[] __attribute__((section(".vectors"), used)) = {
	(void *)0x10040000,
	start,
};
