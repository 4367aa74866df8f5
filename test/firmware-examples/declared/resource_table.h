/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see README.md: the real header is Zephyr's, lib/open-amp. */
#ifndef RESOURCE_TABLE_H
#define RESOURCE_TABLE_H

#include <openamp/open_amp.h>

#define VDEV_ID	  0xFF
#define VRING1_ID 1

struct fw_resource_table;
struct fw_rsc_vdev;

void rsc_table_get(struct fw_resource_table **table_ptr, int *length);
struct fw_rsc_vdev *rsc_table_to_vdev(struct fw_resource_table *rsc_table);
struct fw_rsc_vdev_vring *rsc_table_get_vring0(struct fw_resource_table *rsc_table);
struct fw_rsc_vdev_vring *rsc_table_get_vring1(struct fw_resource_table *rsc_table);

#endif
