// SPDX-License-Identifier: MIT
#include "rpmsg.h"

#include "memory.h"
#include "platform.h"
#include "resource_table.h"

#define VRING_TO_LINUX	 0
#define VRING_FROM_LINUX 1

/* Flags by which one side asks the other not to interrupt it. */
#define AVAIL_NO_INTERRUPT 1
#define USED_NO_NOTIFY	   1

#define NAME_SERVICE_ADDRESS 0x35
#define NAME_SERVICE_DESTROY 1

struct vring_descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags;
	uint16_t next;
};

struct vring_avail {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[];
};

struct vring_used_element {
	uint32_t id;
	uint32_t length;
};

struct vring_used {
	uint16_t flags;
	uint16_t index;
	struct vring_used_element ring[];
};

struct vring {
	uint32_t entries;
	uint16_t next; /* of avail->ring, ours alone */
	volatile struct vring_descriptor *descriptors;
	volatile struct vring_avail *avail;
	volatile struct vring_used *used;
};

struct rpmsg_header {
	uint32_t source;
	uint32_t destination;
	uint32_t reserved;
	uint16_t length;
	uint16_t flags;
	uint8_t payload[];
};

struct name_service_message {
	char name[32];
	uint32_t address;
	uint32_t flags;
};

static struct vring to_linux, from_linux;
static uint32_t damaged;

bool rpmsg_up(void)
{
	return resource_table.table.vdev.status & VIRTIO_STATUS_DRIVER_OK;
}

uint32_t rpmsg_damaged(void)
{
	return damaged;
}

static void vring_start(struct vring *vring, const volatile struct resource_vring *resource)
{
	uint32_t address = resource->address;
	uint32_t used;

	vring->entries = resource->entries;
	vring->next = 0;
	vring->descriptors = (volatile struct vring_descriptor *)address;
	address += vring->entries * sizeof(struct vring_descriptor);
	vring->avail = (volatile struct vring_avail *)address;
	/* Flags, index and, after the ring, an event index that is not used. */
	used = address + (uint32_t)sizeof(uint16_t) * (3 + vring->entries);
	used = (used + resource->align - 1) & ~(resource->align - 1);
	vring->used = (volatile struct vring_used *)used;
}

void rpmsg_start(void)
{
	vring_start(&to_linux, &resource_table.table.vdev.vrings[VRING_TO_LINUX]);
	vring_start(&from_linux, &resource_table.table.vdev.vrings[VRING_FROM_LINUX]);
	/* Linux need not ring when it gives a buffer back, as long as we have room. */
	to_linux.used->flags = USED_NO_NOTIFY;
}

/* The descriptor that is next, or NULL. Linux wrote its index, so it is checked. */
static volatile struct vring_descriptor *vring_next(struct vring *vring, uint16_t *id)
{
	if (vring->avail->index == vring->next)
		return NULL;
	/* Linux wrote the entry before the index: read them in that order. */
	platform_barrier();
	*id = vring->avail->ring[vring->next % vring->entries];
	return &vring->descriptors[*id % vring->entries];
}

static void vring_give_back(struct vring *vring, uint16_t id, uint32_t length, unsigned int number)
{
	volatile struct vring_used_element *element =
		&vring->used->ring[vring->used->index % vring->entries];

	element->id = id;
	element->length = length;
	/* Linux reads the entry, and the buffer, as soon as it sees the index. */
	platform_barrier();
	vring->used->index++;
	vring->next++;
	/* And the index must be written before we look whether Linux sleeps. */
	platform_barrier();
	if (!(vring->avail->flags & AVAIL_NO_INTERRUPT))
		platform_kick(number);
}

void rpmsg_want_doorbell(bool wanted)
{
	from_linux.used->flags = wanted ? 0 : USED_NO_NOTIFY;
	/*
	 * This must be written before the ring is read again. Otherwise a message could come in
	 * between unseen.
	 */
	platform_barrier();
}

bool rpmsg_peek(uint32_t *destination)
{
	volatile struct vring_descriptor *descriptor;
	uint16_t id;

	descriptor = vring_next(&from_linux, &id);
	if (!descriptor)
		return false;
	*destination = ((struct rpmsg_header *)(uintptr_t)descriptor->address)->destination;
	return true;
}

bool rpmsg_receive(struct rpmsg_message *message)
{
	volatile struct vring_descriptor *descriptor;
	const struct rpmsg_header *header;
	uint32_t size, length;
	uint16_t id;

	descriptor = vring_next(&from_linux, &id);
	if (!descriptor)
		return false;
	header = (const struct rpmsg_header *)(uintptr_t)descriptor->address;
	size = descriptor->length;
	message->length = 0;
	message->source = header->source;
	message->destination = header->destination;
	length = header->length;
	if (size < sizeof(*header) || length > size - sizeof(*header) ||
	    length > sizeof(message->payload)) {
		message->destination = 0;
		damaged++;
	} else {
		message->length = length;
		memcpy(message->payload, header->payload, length);
	}
	vring_give_back(&from_linux, id, 0, VRING_FROM_LINUX);
	return true;
}

bool rpmsg_send(uint32_t source, uint32_t destination, const void *payload, size_t length)
{
	volatile struct vring_descriptor *descriptor;
	struct rpmsg_header *header;
	uint16_t id;

	descriptor = vring_next(&to_linux, &id);
	if (!descriptor) {
		/* Ask for the doorbell, then look again: a message may have come just before. */
		to_linux.used->flags = 0;
		platform_barrier();
		descriptor = vring_next(&to_linux, &id);
		if (!descriptor)
			return false;
	}
	to_linux.used->flags = USED_NO_NOTIFY;

	header = (struct rpmsg_header *)(uintptr_t)descriptor->address;
	if (descriptor->length < sizeof(*header) + length) {
		/* Give it back empty. Otherwise this buffer would block the ring for ever. */
		damaged++;
		vring_give_back(&to_linux, id, 0, VRING_TO_LINUX);
		return false;
	}
	header->source = source;
	header->destination = destination;
	header->reserved = 0;
	header->length = (uint16_t)length;
	header->flags = 0;
	memcpy(header->payload, payload, length);
	vring_give_back(&to_linux, id, (uint32_t)(sizeof(*header) + length), VRING_TO_LINUX);
	return true;
}

bool rpmsg_name_service(const char *name, uint32_t address, bool exists)
{
	struct name_service_message message;

	memset(&message, 0, sizeof(message));
	memcpy(message.name, name, strlen(name));
	message.address = address;
	message.flags = exists ? 0 : NAME_SERVICE_DESTROY;
	return rpmsg_send(NAME_SERVICE_ADDRESS, NAME_SERVICE_ADDRESS, &message, sizeof(message));
}
