/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see ../../README.md: the real header is Zephyr's. */
#ifndef ZEPHYR_DRIVERS_IPM_H
#define ZEPHYR_DRIVERS_IPM_H

#include <stdint.h>
#include <zephyr/device.h>

typedef void (*ipm_callback_t)(const struct device *ipmdev, void *user_data, uint32_t id,
			       volatile void *data);

int ipm_send(const struct device *ipmdev, int wait, uint32_t id, const void *data, int size);
void ipm_register_callback(const struct device *ipmdev, ipm_callback_t cb, void *user_data);
int ipm_set_enabled(const struct device *ipmdev, int enable);

#endif
