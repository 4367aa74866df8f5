// SPDX-License-Identifier: MIT
#include "sdb_openamp.h"

#include <string.h>

bool sdb_openamp_init(struct sdb_openamp *channel, const struct sdb_config *config)
{
	channel->linux_address = RPMSG_ADDR_ANY;
	return config->context == channel && sdb_service_init(&channel->service, config);
}

int sdb_openamp_receive(struct rpmsg_endpoint *endpoint, void *data, size_t length, uint32_t source,
			void *priv)
{
	struct sdb_openamp *channel = (struct sdb_openamp *)endpoint;
	unsigned char payload[SDB_PAYLOAD_MAX];

	(void)priv;
	if (length > sizeof(payload))
		length = sizeof(payload);
	/* Linux could change its message while it is read. So only a copy is looked at. */
	memcpy(payload, data, length);
	if (source != channel->linux_address) {
		channel->linux_address = source;
		sdb_service_new_peer(&channel->service);
	}
	sdb_service_receive(&channel->service, payload, length);
	return RPMSG_SUCCESS;
}

/*
 * Not rpmsg_send(): it waits for room in the ring, up to 15 seconds. And not to the endpoint's own
 * destination: OpenAMP keeps the first one, and Linux's driver gets another address when it is loaded again.
 */
bool sdb_openamp_send(void *context, const void *payload, size_t length)
{
	struct sdb_openamp *channel = context;

	return rpmsg_trysendto(&channel->endpoint, payload, (int)length, channel->linux_address) >=
	       0;
}

void sdb_openamp_barrier(void *context)
{
	(void)context;
	/* A DMB on ARM. With compilers other than gcc and clang: __DMB() of CMSIS. */
	__sync_synchronize();
}
