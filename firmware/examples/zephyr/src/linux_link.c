// SPDX-License-Identifier: MIT
/* OpenAMP on Zephyr with Linux as the other side: the mailbox, the shared memory and the two vrings. */
#include "linux_link.h"

#include <metal/io.h>
#include <metal/sys.h>
#include <resource_table.h>
#include <zephyr/device.h>
#include <zephyr/drivers/ipm.h>

#define SHARED DT_CHOSEN(zephyr_ipc_shm)

static const struct device *const mailbox = DEVICE_DT_GET(DT_CHOSEN(zephyr_ipc));
static metal_phys_addr_t shared_address = DT_REG_ADDR(SHARED), table_address;
static struct metal_io_region shared_region, table_region;
static struct rpmsg_virtio_device rpmsg;

static K_SEM_DEFINE(doorbell, 0, 1);

static void rung(const struct device *device, void *context, uint32_t id, volatile void *data)
{
	k_sem_give(&doorbell);
}

static int ring(void *priv, uint32_t id)
{
	return ipm_send(mailbox, 0, id, NULL, 0);
}

static int add_vring(struct virtio_device *virtio, unsigned int number,
		     const struct fw_rsc_vdev_vring *vring)
{
	return rproc_virtio_init_vring(virtio, number, vring->notifyid, (void *)vring->da,
				       &table_region, vring->num, vring->align);
}

struct rpmsg_device *linux_link_start(void)
{
	struct metal_init_params parameters = METAL_INIT_DEFAULTS;
	struct fw_resource_table *table;
	struct virtio_device *virtio;
	int table_size;

	if (metal_init(&parameters) || !device_is_ready(mailbox))
		return NULL;
	rsc_table_get(&table, &table_size);
	table_address = (uintptr_t)table;
	metal_io_init(&shared_region, (void *)DT_REG_ADDR(SHARED), &shared_address,
		      DT_REG_SIZE(SHARED), -1, 0, NULL);
	metal_io_init(&table_region, table, &table_address, table_size, -1, 0, NULL);
	ipm_register_callback(mailbox, rung, NULL);
	if (ipm_set_enabled(mailbox, 1))
		return NULL;

	virtio = rproc_virtio_create_vdev(VIRTIO_DEV_DEVICE, VDEV_ID, rsc_table_to_vdev(table),
					  &table_region, NULL, ring, NULL);
	if (!virtio)
		return NULL;
	rproc_virtio_wait_remote_ready(virtio);
	if (add_vring(virtio, 0, rsc_table_get_vring0(table)) ||
	    add_vring(virtio, 1, rsc_table_get_vring1(table)) ||
	    rpmsg_init_vdev(&rpmsg, virtio, NULL, &shared_region, NULL)) {
		rproc_virtio_remove_vdev(virtio);
		return NULL;
	}
	return rpmsg_virtio_get_rpmsg_device(&rpmsg);
}

void linux_link_turn(k_timeout_t timeout)
{
	if (k_sem_take(&doorbell, timeout) == 0)
		rproc_virtio_notified(rpmsg.vdev, VRING1_ID);
}
