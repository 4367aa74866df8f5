/* SPDX-License-Identifier: MIT */
#ifndef SDBCTL_SYSFS_H
#define SDBCTL_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSFS_CLASS "/sys/class/rpmsg_sdb"

/* The number in directory/name, decimal or 0x…. */
bool sysfs_number(const char *directory, const char *name, uint64_t *number);

struct holder {
	int pid;
	unsigned int files;
	char name[32];
};

/* Processes that have the device open, as far as we may look: their number, holders has the first room of them. */
size_t find_holders(const char *device, struct holder *holders, size_t room);

#endif
