/* SPDX-License-Identifier: MIT */
#ifndef SDB_TASK_H
#define SDB_TASK_H

#include <stdint.h>

/* To be called once, after OpenAMP was initialised. */
void sdb_task_start(void);

/* From interrupt handlers: a message of Linux waits. */
void sdb_task_message_from_isr(void);

/* From interrupt handlers: the sampling that start_sampling() began has ended. */
void sdb_task_sampled_from_isr(uint32_t bytes);

/* The author writes this. It starts the hardware that writes there, and returns at once. */
void start_sampling(uint32_t address, uint32_t bytes);

#endif
