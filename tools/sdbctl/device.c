// SPDX-License-Identifier: MIT
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "complaint.h"
#include "interrupt.h"
#include "quantity.h"

/* How long a coprocessor may take to say what it understands. */
#define FEATURES_MS 1000

static bool failed(const struct device *device, const char *what)
{
	const char *why = strerror(errno);

	switch (errno) {
	case ENOENT:
		why = "not there: the module is not loaded, or the coprocessor's firmware does not run or has no "
		      "rpmsg-sdb-channel";
		break;
	case EACCES:
		why = "permission denied: only root and the group in its udev rule may open it";
		break;
	case EBUSY:
		why = "somebody has it for himself (O_EXCL)";
		break;
	case ENODEV:
		why = "the coprocessor was stopped, crashed, or withdrew the channel";
		break;
	case EDQUOT:
		why = "a limit of the module is reached: max_buffers, max_file_mib or max_mib";
		break;
	case ENOMEM:
		why = "no contiguous memory that the coprocessor can reach (is CMA large enough?)";
		break;
	}
	complain("%s%s%s: %s", device->name, *what ? ": " : "", what, why);
	return false;
}

bool device_open(struct device *device, const char *name)
{
	const uint32_t needed = RPMSG_SDB_CAN_TRANSFER | RPMSG_SDB_CAN_ALLOCATE;
	struct rpmsg_sdb_query query;

	*device = (struct device){ .name = name };
	device->fd = open(name, O_RDWR | O_CLOEXEC);
	if (device->fd < 0)
		return failed(device, "");
	if (ioctl(device->fd, RPMSG_SDB_IOCTL_QUERY, &query) < 0) {
		if (errno != ENOTTY)
			failed(device, "query");
		else
			complain("%s: another driver's, or one that knows only the first version",
				 name);
	} else if ((query.capabilities & needed) != needed) {
		complain("%s: this driver cannot do what sdbctl needs", name);
	} else {
		return true;
	}
	close(device->fd);
	return false;
}

static bool add_buffer(struct device *device, uint64_t size, uint32_t flags)
{
	struct rpmsg_sdb_allocation allocation = { .size = size, .flags = flags };
	struct mapping *mapping;
	void *memory;

	if (ioctl(device->fd, RPMSG_SDB_IOCTL_ALLOCATE, &allocation) < 0)
		return failed(device, "getting a buffer");
	/* The driver rounded the size up to whole pages. */
	memory = mmap(NULL, (size_t)allocation.size, PROT_READ | PROT_WRITE, MAP_SHARED, device->fd,
		      (off_t)allocation.offset);
	if (memory == MAP_FAILED)
		return failed(device, "mapping a buffer");
	/* Numbers count up from 0 in each open file. */
	mapping = &device->buffers[allocation.buffer];
	mapping->memory = memory;
	mapping->size = (size_t)allocation.size;
	device->count++;
	return true;
}

bool device_allocate(struct device *device, unsigned int count, uint64_t size, uint32_t flags)
{
	device->buffers = calloc(count, sizeof(*device->buffers));
	if (!device->buffers)
		return failed(device, "memory");
	while (device->count < count)
		if (!add_buffer(device, size, flags))
			return false;
	return true;
}

bool device_is_pinnable(const struct device *device)
{
	for (unsigned int i = 0; i < device->count; i++) {
		struct rpmsg_sdb_buffer buffer = { .buffer = i };

		if (ioctl(device->fd, RPMSG_SDB_IOCTL_BUFFER, &buffer) < 0)
			return failed(device, "looking at a buffer");
		if (buffer.flags & RPMSG_SDB_PINNABLE)
			continue;
		complain(
			"%s: there is no memory left that others can take pages of; use smaller buffers, or fewer",
			device->name);
		return false;
	}
	return true;
}

void device_close(struct device *device)
{
	for (unsigned int i = 0; i < device->count; i++)
		munmap(device->buffers[i].memory, device->buffers[i].size);
	free(device->buffers);
	/* Gives all buffers back; the driver keeps their memory until the coprocessor cannot write to it. */
	close(device->fd);
}

bool device_takes_buffers(const struct device *device)
{
	struct pollfd ready = { .fd = device->fd, .events = POLLOUT };
	struct rpmsg_sdb_query query;

	poll(&ready, 1, FEATURES_MS);
	/* The ring may be full of announcements. The coprocessor can have said it all the same. */
	return !ioctl(device->fd, RPMSG_SDB_IOCTL_QUERY, &query) &&
	       query.peer & RPMSG_SDB_PEER_HANDOVER;
}

void device_offer(struct device *device)
{
	device->offering = true;
}

/* Whether it could be done. */
static bool hand_over_all(struct device *device)
{
	device->offering = false;
	for (unsigned int i = 0; i < device->count; i++) {
		const struct rpmsg_sdb_transfer empty = { .buffer = i };

		if (!device->buffers[i].handed && device_hand_over(device, &empty, 1) < 0)
			return false;
	}
	return true;
}

short device_events(const struct device *device)
{
	return device->offering ? POLLIN | POLLOUT : POLLIN;
}

/* -1: for ever, as poll() has it. */
static int milliseconds_until(uint64_t deadline_ns)
{
	const uint64_t now = now_ns();

	if (!deadline_ns)
		return -1;
	return deadline_ns > now ? (int)((deadline_ns - now + 999999) / 1000000) : 0;
}

int device_read(struct device *device, struct rpmsg_sdb_transfer *records, unsigned int room,
		uint64_t deadline_ns)
{
	while (!interrupted()) {
		struct pollfd ready = { .fd = device->fd, .events = device_events(device) };
		int found = poll(&ready, 1, milliseconds_until(deadline_ns));
		ssize_t bytes;

		if (found < 0 && errno != EINTR) {
			failed(device, "waiting");
			return -1;
		}
		if (!found)
			return 0;
		if (found < 0)
			continue;
		if (ready.revents == POLLOUT) {
			if (!hand_over_all(device))
				return -1;
			continue;
		}
		/* There is something to read, or the channel has ended. So this does not wait. */
		bytes = read(device->fd, records, room * sizeof(*records));
		if (bytes >= 0) {
			const int count = (int)((size_t)bytes / sizeof(*records));

			for (int i = 0; i < count; i++)
				device->buffers[records[i].buffer].handed = false;
			return count;
		}
		if (errno != EINTR) {
			failed(device, "reading");
			return -1;
		}
	}
	return 0;
}

int device_hand_over(struct device *device, const struct rpmsg_sdb_transfer *records,
		     unsigned int count)
{
	while (count) {
		ssize_t bytes = write(device->fd, records, count * sizeof(*records));

		if (bytes < 0 && errno == EOPNOTSUPP)
			return 0;
		if (bytes < 0 && errno == EINTR && !interrupted())
			continue;
		if (bytes < 0) {
			failed(device, "handing over");
			return -1;
		}
		/* It may take only some, when the ring to the coprocessor is full. */
		for (size_t i = 0; i < (size_t)bytes / sizeof(*records); i++)
			device->buffers[records[i].buffer].handed = true;
		records += (size_t)bytes / sizeof(*records);
		count -= (unsigned int)((size_t)bytes / sizeof(*records));
	}
	device->takes_buffers = true;
	return 1;
}
