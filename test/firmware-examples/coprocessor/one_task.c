// SPDX-License-Identifier: MIT
/* The few functions of FreeRTOS that the example calls, for a program of one task: no other is there to switch to. */
#include "FreeRTOS.h"
#include "task.h"

#include "core.h"
#include "platform.h"

#define TICK_US 1000

static TaskFunction_t code;
static volatile uint32_t notifications;

BaseType_t xTaskCreate(TaskFunction_t function, const char *name, uint16_t stack_words,
		       void *parameters, UBaseType_t priority, TaskHandle_t *created)
{
	(void)name;
	(void)stack_words;
	(void)parameters;
	(void)priority;
	code = function;
	*created = (TaskHandle_t)&code;
	return pdTRUE;
}

void vTaskStartScheduler(void)
{
	code(NULL);
}

void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken)
{
	(void)task;
	notifications++;
	*woken = pdTRUE;
}

uint32_t ulTaskNotifyTake(BaseType_t clear, TickType_t ticks)
{
	uint64_t until = platform_time_us() + (uint64_t)ticks * TICK_US;
	uint32_t before = core_mask(), taken;

	/* An interrupt that comes between the look and the sleep ends the sleep, and is taken when the mask is. */
	while (!notifications && (ticks == portMAX_DELAY || platform_time_us() < until)) {
		if (ticks == portMAX_DELAY)
			__asm__ volatile("dsb\n\twfi" : : : "memory");
		core_restore(before);
		before = core_mask();
	}
	taken = notifications;
	if (taken)
		notifications = clear ? 0 : taken - 1;
	core_restore(before);
	return taken;
}
