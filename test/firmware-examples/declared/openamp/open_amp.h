/* SPDX-License-Identifier: MIT */
/* A declaration for tests, see README.md: the real header is OpenAMP's. */
#ifndef OPENAMP_OPEN_AMP_H
#define OPENAMP_OPEN_AMP_H

#include <stddef.h>
#include <stdint.h>

#define RPMSG_ADDR_ANY	  0xFFFFFFFF
#define RPMSG_SUCCESS	  0
#define RPMSG_REMOTE	  1
#define VIRTIO_DEV_DEVICE 1UL

struct rpmsg_device;
struct rpmsg_endpoint;
struct virtio_device;
struct metal_io_region;
struct rpmsg_virtio_shm_pool;

typedef int (*rpmsg_ept_cb)(struct rpmsg_endpoint *ept, void *data, size_t len, uint32_t src,
			    void *priv);
typedef void (*rpmsg_ns_unbind_cb)(struct rpmsg_endpoint *ept);
typedef void (*rpmsg_ns_bind_cb)(struct rpmsg_device *rdev, const char *name, uint32_t dest);

struct rpmsg_endpoint {
	rpmsg_ept_cb cb;
	void *priv;
};

int rpmsg_create_ept(struct rpmsg_endpoint *ept, struct rpmsg_device *rdev, const char *name,
		     uint32_t src, uint32_t dest, rpmsg_ept_cb cb, rpmsg_ns_unbind_cb unbind_cb);
int rpmsg_trysendto(struct rpmsg_endpoint *ept, const void *data, int len, uint32_t dst);

struct rpmsg_virtio_device {
	struct virtio_device *vdev;
};

struct fw_rsc_vdev_vring {
	uint32_t da;
	uint32_t align;
	uint32_t num;
	uint32_t notifyid;
};

typedef int (*rpvdev_notify_func)(void *priv, uint32_t id);
typedef void (*virtio_dev_reset_cb)(struct virtio_device *vdev);

struct virtio_device *rproc_virtio_create_vdev(unsigned int role, unsigned int notifyid, void *rsc,
					       struct metal_io_region *rsc_io, void *priv,
					       rpvdev_notify_func notify,
					       virtio_dev_reset_cb rst_cb);
void rproc_virtio_remove_vdev(struct virtio_device *vdev);
void rproc_virtio_wait_remote_ready(struct virtio_device *vdev);
int rproc_virtio_init_vring(struct virtio_device *vdev, unsigned int index, unsigned int notifyid,
			    void *va, struct metal_io_region *io, unsigned int num_descs,
			    unsigned int align);
int rproc_virtio_notified(struct virtio_device *vdev, uint32_t notifyid);
int rpmsg_init_vdev(struct rpmsg_virtio_device *rvdev, struct virtio_device *vdev,
		    rpmsg_ns_bind_cb ns_bind_cb, struct metal_io_region *shm_io,
		    struct rpmsg_virtio_shm_pool *shpool);
struct rpmsg_device *rpmsg_virtio_get_rpmsg_device(struct rpmsg_virtio_device *rvdev);

#endif
