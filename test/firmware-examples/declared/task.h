/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see README.md: the real header is FreeRTOS's. Some of these are macros there. */
#ifndef TASK_H
#define TASK_H

#include "FreeRTOS.h"

typedef struct tskTaskControlBlock *TaskHandle_t;
typedef void (*TaskFunction_t)(void *parameters);

#define tskIDLE_PRIORITY ((UBaseType_t)0)

BaseType_t xTaskCreate(TaskFunction_t code, const char *name, uint16_t stack_words,
		       void *parameters, UBaseType_t priority, TaskHandle_t *created);
void vTaskStartScheduler(void);
uint32_t ulTaskNotifyTake(BaseType_t clear, TickType_t ticks);
void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken);

#endif
