// SPDX-License-Identifier: MIT
#include "uevent.h"

#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's own messages; udev's are group 2. */
#define GROUP_KERNEL 1

int uevent_open(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

bool uevent_read(int fd, char *action, char *device, size_t room)
{
	char message[4096];
	ssize_t length = recv(fd, message, sizeof(message) - 1, 0);
	bool ours = false;

	*action = *device = '\0';
	if (length <= 0)
		return false;
	message[length] = '\0';
	/* KEY=VALUE strings, each with its NUL. */
	for (const char *field = message; field < message + length; field += strlen(field) + 1) {
		if (!strncmp(field, "ACTION=", 7))
			snprintf(action, room, "%s", field + 7);
		else if (!strncmp(field, "DEVNAME=", 8))
			snprintf(device, room, "%s", field + 8);
		else if (!strcmp(field, "SUBSYSTEM=rpmsg_sdb"))
			ours = true;
	}
	return ours && *action && *device;
}
