/* SPDX-License-Identifier: MIT */
/*
 * An open device and the buffers it was given, each mapped. Functions that can fail say why on standard error.
 */
#ifndef SDBCTL_DEVICE_H
#define SDBCTL_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rpmsg_sdb.h>

struct device {
	int fd;
	const char *name;
	unsigned int count;
	/* by buffer number */
	struct mapping {
		void *memory;
		size_t size;
		/* It was handed over, and has not come back. */
		bool handed;
	} * buffers;
	/* The coprocessor is to fill all buffers. It has not said yet that it takes them. */
	bool offering;
	/* It has taken some. */
	bool takes_buffers;
};

/* Opens the device and makes sure that it speaks the second version of the interface. */
bool device_open(struct device *device, const char *name);
/* Gets and maps count buffers of size bytes, with flags RPMSG_SDB_…. Their numbers are 0 … count - 1. */
bool device_allocate(struct device *device, unsigned int count, uint64_t size, uint32_t flags);
/* Whether disks and sockets can take the pages of all buffers. */
bool device_is_pinnable(const struct device *device);
void device_close(struct device *device);

/*
 * Waits a moment for the coprocessor to say that it takes buffers. It can say so only after a
 * buffer was announced.
 */
bool device_takes_buffers(const struct device *device);

/*
 * From now on device_read() hands all buffers over to be filled, when the coprocessor says that it
 * takes them. It may say so long after the buffers were announced, or never. Whoever calls
 * device_read() meanwhile must be done with all buffers. serve is not, so it ends the offer.
 */
void device_offer(struct device *device);

/*
 * Waits for news until deadline_ns (now_ns(), 0: for ever) and reads as many records as fit: their number, 0 at the
 * deadline and when interrupted, -1 when it failed.
 */
int device_read(struct device *device, struct rpmsg_sdb_transfer *records, unsigned int room,
		uint64_t deadline_ns);
/* What to wait for before device_read() has something to do: events of poll(). */
short device_events(const struct device *device);
/* Hands buffers to the coprocessor: 1, 0 when it does not take any, -1 when it failed. */
int device_hand_over(struct device *device, const struct rpmsg_sdb_transfer *records,
		     unsigned int count);

#endif
