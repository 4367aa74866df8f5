// SPDX-License-Identifier: MIT
/*
 * We never destroy endpoints, but use them again. Kernels up to 6.12 at least oops in RPMSG_DESTROY_EPT_IOCTL when the
 * coprocessor was stopped meanwhile. No check can keep a stop from coming between. remoteproc takes the endpoints away
 * with the channel. Until then there are as many as were ever in use at once.
 */
#include "rpmsg_endpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rpmsg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool read_name(const char *device, char *name, size_t room)
{
	char path[300];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/rpmsg/%s/name", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, name, room - 1);
	close(fd);
	if (length <= 0)
		return false;
	name[length] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return true;
}

/* An endpoint of ours that nobody has open. The kernel lets each be opened once only (EBUSY). */
static int open_free(const char *wanted)
{
	DIR *class = opendir("/sys/class/rpmsg");
	struct dirent *entry;
	int fd = -1;

	errno = ENOENT;
	if (!class)
		return -1;
	while (fd < 0 && (entry = readdir(class))) {
		char name[33], path[300];

		if (!strncmp(entry->d_name, "rpmsg_ctrl", 10) ||
		    !read_name(entry->d_name, name, sizeof(name)) || strcmp(name, wanted))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	}
	closedir(class);
	return fd;
}

static int open_control(void)
{
	DIR *class = opendir("/sys/class/rpmsg");
	struct dirent *entry;
	int fd = -1;

	errno = ENOENT;
	if (!class)
		return -1;
	while (fd < 0 && (entry = readdir(class))) {
		char path[300];

		if (strncmp(entry->d_name, "rpmsg_ctrl", 10))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	closedir(class);
	if (fd < 0)
		errno = ENOENT;
	return fd;
}

static bool make_endpoint(const char *name, uint32_t destination)
{
	struct rpmsg_endpoint_info info = { .src = 0xffffffff, .dst = destination };
	int control = open_control();
	bool made;

	if (control < 0)
		return false;
	strncpy(info.name, name, sizeof(info.name) - 1);
	made = ioctl(control, RPMSG_CREATE_EPT_IOCTL, &info) == 0;
	close(control);
	return made;
}

int rpmsg_endpoint_open(const char *name, uint32_t destination)
{
	int fd = open_free(name);

	/*
	 * The kernel does not say which /dev/rpmsgN it made. The name of the endpoint does. If
	 * somebody else opens it first, this tries again.
	 */
	if (fd < 0 && make_endpoint(name, destination))
		fd = open_free(name);
	return fd;
}
