/* SPDX-License-Identifier: MIT */
/*
 * The service on an endpoint of OpenAMP, release 2018.10 or later. STM32CubeMX generates that for
 * an STM32MP1, and Zephyr has it. Copy it with firmware/service.
 */
#ifndef SDB_OPENAMP_H
#define SDB_OPENAMP_H

#include <openamp/open_amp.h>

#include "sdb_service.h"

/**
 * struct sdb_openamp - a channel to Linux
 * @endpoint: to be created with the name SDB_CHANNEL_NAME and sdb_openamp_receive().
 *	It must stay the first member.
 * @service: for the calls of sdb_service.h
 * @linux_address: the endpoint of Linux's driver
 */
struct sdb_openamp {
	struct rpmsg_endpoint endpoint;
	struct sdb_service service;
	uint32_t linux_address;
};

/**
 * sdb_openamp_init() - to be called before the endpoint is created
 * @channel: to be initialised
 * @config: its context must be @channel; in its calls send must be sdb_openamp_send()
 *	and barrier sdb_openamp_barrier()
 * Return: false if @config cannot work
 */
bool sdb_openamp_init(struct sdb_openamp *channel, const struct sdb_config *config);

/* The endpoint's callback, as OpenAMP wants it. */
int sdb_openamp_receive(struct rpmsg_endpoint *endpoint, void *data, size_t length, uint32_t source,
			void *priv);

/* Both for struct sdb_calls. */
bool sdb_openamp_send(void *context, const void *payload, size_t length);
void sdb_openamp_barrier(void *context);

#endif
