/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see ../README.md: the real header is Zephyr's, which takes these from the device tree. */
#ifndef ZEPHYR_DEVICE_H
#define ZEPHYR_DEVICE_H

#include <stdbool.h>

struct device {
	const char *name;
};

extern const struct device dt_chosen_zephyr_ipc;

#define DT_CHOSEN(property) dt_chosen_##property
#define DEVICE_DT_GET(node) (&node)
#define DT_REG_ADDR(node)   0x10040000
#define DT_REG_SIZE(node)   0x10000

bool device_is_ready(const struct device *dev);

#endif
