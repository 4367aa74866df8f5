/* SPDX-License-Identifier: MIT */
/*
 * The firmware's resource table, which Linux's remoteproc reads from the ELF file and writes to in
 * the loaded image: layouts from Documentation/staging/remoteproc.rst and virtio 1.2.
 */
#ifndef RESOURCE_TABLE_H
#define RESOURCE_TABLE_H

#include <stdint.h>

#define RESOURCE_TRACE 2
#define RESOURCE_VDEV  3

#define RESOURCE_ANY_ADDRESS 0xffffffffu

#define VIRTIO_ID_RPMSG		7
#define VIRTIO_RPMSG_F_NS	(1u << 0)
#define VIRTIO_STATUS_DRIVER_OK 0x04

struct resource_vring {
	uint32_t address; /* filled in by Linux */
	uint32_t align;
	uint32_t entries;
	uint32_t notify_id;
	uint32_t reserved;
};

struct resource_vdev {
	uint32_t type;
	uint32_t id;
	uint32_t notify_id;
	uint32_t device_features;
	uint32_t guest_features; /* written by Linux */
	uint32_t config_length;
	uint8_t status; /* written by Linux */
	uint8_t vring_count;
	uint8_t reserved[2];
	struct resource_vring vrings[2]; /* 0: to Linux, 1: from Linux */
};

struct resource_trace {
	uint32_t type;
	uint32_t address;
	uint32_t length;
	uint32_t reserved;
	char name[32];
};

struct resource_table {
	uint32_t version;
	uint32_t count;
	uint32_t reserved[2];
	uint32_t offsets[2];
	struct resource_vdev vdev;
	struct resource_trace trace;
};

/* stm32_rproc rewrites this many bytes of it when Linux detaches. */
#define RESOURCE_TABLE_SIZE 1024

union resource_table_area {
	struct resource_table table;
	uint8_t bytes[RESOURCE_TABLE_SIZE];
};

extern volatile union resource_table_area resource_table;

#endif
