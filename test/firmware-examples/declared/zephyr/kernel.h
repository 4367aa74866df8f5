/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see ../README.md: the real header is Zephyr's. */
#ifndef ZEPHYR_KERNEL_H
#define ZEPHYR_KERNEL_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
	int64_t ticks;
} k_timeout_t;

#define K_MSEC(ms) ((k_timeout_t){ ms })

struct k_sem {
	unsigned int count, limit;
};

#define K_SEM_DEFINE(name, initial, most) struct k_sem name = { initial, most }

int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_give(struct k_sem *sem);
int64_t k_uptime_get(void);

#endif
