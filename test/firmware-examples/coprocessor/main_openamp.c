// SPDX-License-Identifier: MIT
/* What STM32CubeMX generates round the example for OpenAMP, and something to sample. */
#include "openamp.h"
#include "pattern_of_fills.h"
#include "platform.h"

/* A buffer is overwritten when all others have been filled once: Linux has that long to read it. */
#define SAMPLING_US 20000

void start(void);
void turn(void);
void sample(void *to, uint32_t bytes);
int main(void);

void sample(void *to, uint32_t bytes)
{
	uint64_t until = platform_time_us() + SAMPLING_US;

	while (platform_time_us() < until)
		platform_wait(until);
	next_fill(to, bytes);
}

int main(void)
{
	MX_OPENAMP_Init(RPMSG_REMOTE, NULL);
	start();
	for (;;)
		turn();
}
