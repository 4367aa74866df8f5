/* SPDX-License-Identifier: MIT */
#ifndef SDBCTL_UEVENT_H
#define SDBCTL_UEVENT_H

#include <stdbool.h>
#include <stddef.h>

/* A socket that hears what the kernel says of devices; -1 if there is none to be had. */
int uevent_open(void);
/* Takes one message: true when it is about one of the driver's devices; action is add or remove. */
bool uevent_read(int fd, char *action, char *device, size_t room);

#endif
