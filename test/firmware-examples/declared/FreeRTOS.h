/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see README.md: the real header is FreeRTOS's. */
#ifndef FREERTOS_H
#define FREERTOS_H

#include <stddef.h>
#include <stdint.h>

typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t TickType_t;

#define pdFALSE	      ((BaseType_t)0)
#define pdTRUE	      ((BaseType_t)1)
#define portMAX_DELAY ((TickType_t)0xffffffffUL)

/* The port's switches to the woken task when the handler returns. */
#define portYIELD_FROM_ISR(woken) ((void)(woken))

#endif
