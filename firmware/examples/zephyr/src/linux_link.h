/* SPDX-License-Identifier: MIT */
#ifndef LINUX_LINK_H
#define LINUX_LINK_H

#include <openamp/open_amp.h>
#include <zephyr/kernel.h>

/*
 * RPMsg with Linux, as the resource table describes it. NULL if it cannot be set up. Waits until
 * Linux is ready.
 */
struct rpmsg_device *linux_link_start(void);

/* Receives messages. It waits for one until the time is over. */
void linux_link_turn(k_timeout_t timeout);

#endif
