// SPDX-License-Identifier: MIT
#include "resource_table.h"

#include "trace.h"

/* As ST's firmware: 16 buffers each way, which is what 16 KiB of vdev0buffer hold. */
#define RPMSG_BUFFERS 16
#define VRING_ALIGN   16

#define OFFSET(member) ((uint32_t) __builtin_offsetof(struct resource_table, member))

__attribute__((section(".resource_table"), used))
volatile union resource_table_area resource_table = {
	.table = {
		.version = 1,
		.count = 2,
		.offsets = { OFFSET(vdev), OFFSET(trace) },
		.vdev = {
			.type = RESOURCE_VDEV,
			.id = VIRTIO_ID_RPMSG,
			.device_features = VIRTIO_RPMSG_F_NS,
			.vring_count = 2,
			.vrings = {
				{ RESOURCE_ANY_ADDRESS, VRING_ALIGN, RPMSG_BUFFERS, 0, 0 },
				{ RESOURCE_ANY_ADDRESS, VRING_ALIGN, RPMSG_BUFFERS, 1, 0 },
			},
		},
		.trace = {
			.type = RESOURCE_TRACE,
			.address = (uint32_t)trace_buffer,
			.length = TRACE_SIZE,
			.name = "trace0",
		},
	},
};
