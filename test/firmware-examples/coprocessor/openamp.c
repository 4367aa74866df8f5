// SPDX-License-Identifier: MIT
/* The few functions of OpenAMP and of STM32CubeMX that the examples call, on the RPMsg of the test firmware. */
#include "openamp.h"

#include "mpu.h"
#include "platform.h"
#include "rpmsg.h"

#define ADDRESS	      0x400
#define LINUX_POLL_US 1000

static struct rpmsg_endpoint *endpoint;

/* The MPU stays as reset leaves it, which is off: what an example needs of it, the example sets up. */
void mpu_start(void)
{
}

/* Not OpenAMP's: in CubeMX's firmware the user's code answers IPCC's channel 3. */
static void shut_down_when_asked(void)
{
	if (platform_shutdown_requested())
		platform_shut_down();
}

int MX_OPENAMP_Init(int role, rpmsg_ns_bind_cb ns_bind_cb)
{
	(void)role;
	(void)ns_bind_cb;
	platform_start();
	while (!rpmsg_up()) {
		shut_down_when_asked();
		platform_wait(platform_time_us() + LINUX_POLL_US);
	}
	rpmsg_start();
	return 0;
}

int OPENAMP_create_endpoint(struct rpmsg_endpoint *ept, const char *name, uint32_t dest,
			    rpmsg_ept_cb cb, rpmsg_ns_unbind_cb unbind_cb)
{
	(void)dest;
	(void)unbind_cb;
	ept->cb = cb;
	endpoint = ept;
	return rpmsg_name_service(name, ADDRESS, true) ? 0 : -1;
}

void OPENAMP_check_for_message(void)
{
	static struct rpmsg_message message;

	shut_down_when_asked();
	while (rpmsg_receive(&message)) {
		if (endpoint && message.destination == ADDRESS)
			endpoint->cb(endpoint, message.payload, message.length, message.source,
				     endpoint->priv);
	}
}

int rpmsg_trysendto(struct rpmsg_endpoint *ept, const void *data, int len, uint32_t dst)
{
	(void)ept;
	return rpmsg_send(ADDRESS, dst, data, (size_t)len) ? len : -1;
}
