// SPDX-License-Identifier: MIT
/* What STM32CubeMX generates round the example for FreeRTOS. A timer stands for the DMA that fills a buffer. */
#include "FreeRTOS.h"
#include "task.h"

#include "ipcc.h"
#include "openamp.h"
#include "pattern_of_fills.h"
#include "sdb_mpu.h"
#include "sdb_task.h"
#include "timer.h"

#define SAMPLING_US 2000

static uint32_t place;
/* 0: no sampling goes on. */
static volatile uint32_t length;

void IPCC_RX1_IRQHandler(void);
void IPCC_TX1_IRQHandler(void);
void TIM5_IRQHandler(void);
int main(void);

void start_sampling(uint32_t address, uint32_t bytes)
{
	place = address;
	length = bytes;
	/* The time may be over when a core that did not run for a while asks for it. */
	while (!timer_wake_at(timer_us() + SAMPLING_US))
		continue;
}

void TIM5_IRQHandler(void)
{
	uint32_t bytes = length;

	timer_interrupt();
	/* Before there is a task the wait for Linux asks for this interrupt. */
	if (!bytes)
		return;
	length = 0;
	next_fill((volatile uint32_t *)place, bytes);
	sdb_task_sampled_from_isr(bytes);
}

void IPCC_RX1_IRQHandler(void)
{
	ipcc_interrupt();
	sdb_task_message_from_isr();
}

void IPCC_TX1_IRQHandler(void)
{
	ipcc_interrupt();
	sdb_task_message_from_isr();
}

int main(void)
{
	MX_OPENAMP_Init(RPMSG_REMOTE, NULL);
	sdb_mpu_open_ddr();
	sdb_task_start();
	vTaskStartScheduler();
	return 0;
}
