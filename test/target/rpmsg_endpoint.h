/* SPDX-License-Identifier: MIT */
/* Endpoints of rpmsg_char, found again or made. */
#ifndef AGENT_RPMSG_ENDPOINT_H
#define AGENT_RPMSG_ENDPOINT_H

#include <stdint.h>

/* Addresses of the test firmware (firmware/README.md), none of them announced. */
#define ENDPOINT_TEST  0x401
#define ENDPOINT_ECHO  0x402
#define ENDPOINT_RELAY 0x403

/*
 * A descriptor (O_NONBLOCK) of an endpoint of that name which nobody else has open. Its messages go
 * to @destination. -1 and errno if there is none to be had. Close it to leave it to the next user.
 */
int rpmsg_endpoint_open(const char *name, uint32_t destination);

#endif
