// SPDX-License-Identifier: MIT
#include "fake_openamp.h"

#include <stdio.h>
#include <string.h>

#include "openamp.h"

static struct rpmsg_endpoint *endpoint;
static rpmsg_ept_cb received;
static unsigned int room = 1000, source;
static char message[512];
static size_t length;

int OPENAMP_create_endpoint(struct rpmsg_endpoint *ept, const char *name, uint32_t dest,
			    rpmsg_ept_cb cb, rpmsg_ns_unbind_cb unbind_cb)
{
	(void)dest;
	(void)unbind_cb;
	printf("created %s;", name);
	endpoint = ept;
	received = cb;
	return 0;
}

void OPENAMP_check_for_message(void)
{
	if (!length)
		return;
	received(endpoint, message, length, source, NULL);
	length = 0;
}

int rpmsg_trysendto(struct rpmsg_endpoint *ept, const void *data, int len, uint32_t dst)
{
	if (ept != endpoint)
		printf("another endpoint;");
	if (!room)
		return -2002;
	room--;
	printf("sent %u %.*s;", dst, len, (const char *)data);
	return len;
}

bool fake_openamp_line(const char *line)
{
	if (sscanf(line, "linux %u %511s", &source, message) == 2) {
		length = strlen(message);
		return true;
	}
	return sscanf(line, "room %u", &room) == 1;
}
