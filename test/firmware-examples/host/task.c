// SPDX-License-Identifier: MIT
/*
 * The FreeRTOS example behind a line each: lines of fake_openamp.h, and "sampled BYTES" from the interrupt handler. The task
 * takes a line whenever it waits; the answer is what it did until it waits again, and for how long.
 */
#include "sdb_task.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "FreeRTOS.h"
#include "fake_openamp.h"
#include "task.h"

static TaskFunction_t code;
static unsigned int notifications;
/* A line was read that is not answered yet. */
static bool asked;

void start_sampling(uint32_t address, uint32_t bytes)
{
	printf("sampling %08x %u;", address, bytes);
}

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

void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken)
{
	(void)task;
	(void)woken;
	notifications++;
}

uint32_t ulTaskNotifyTake(BaseType_t clear, TickType_t ticks)
{
	unsigned int bytes;
	char line[600];

	(void)clear;
	if (asked)
		printf("%s\n", ticks == portMAX_DELAY ? "waits" : "waits a tick");
	fflush(stdout);
	asked = true;
	if (!fgets(line, sizeof(line), stdin))
		exit(0);
	if (sscanf(line, "sampled %u", &bytes) == 1)
		sdb_task_sampled_from_isr(bytes);
	else if (fake_openamp_line(line))
		sdb_task_message_from_isr();
	return notifications;
}

int main(void)
{
	sdb_task_start();
	code(NULL);
	return 0;
}
