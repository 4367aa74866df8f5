// SPDX-License-Identifier: MIT
#include "heard.h"

#define LOG_SIZE 32768u

/* Each message with its length before it, two bytes, in a ring. */
static uint8_t ring[LOG_SIZE];
static uint32_t first, used;
static uint32_t count, lost;

static void put(uint8_t byte)
{
	ring[(first + used++) % LOG_SIZE] = byte;
}

static uint8_t take(void)
{
	uint8_t byte = ring[first];

	first = (first + 1) % LOG_SIZE;
	used--;
	return byte;
}

size_t heard_take(uint8_t payload[SDB_PAYLOAD_MAX])
{
	size_t length = take();
	size_t i;

	length |= (size_t)take() << 8;
	for (i = 0; i < length; i++)
		payload[i] = take();
	count--;
	return length;
}

void heard_add(const uint8_t *payload, size_t length)
{
	static uint8_t oldest[SDB_PAYLOAD_MAX];
	size_t i;

	while (LOG_SIZE - used < length + 2) {
		heard_take(oldest);
		lost++;
	}
	put((uint8_t)length);
	put((uint8_t)(length >> 8));
	for (i = 0; i < length; i++)
		put(payload[i]);
	count++;
}

uint32_t heard_count(void)
{
	return count;
}

uint32_t heard_lost(void)
{
	uint32_t since = lost;

	lost = 0;
	return since;
}

void heard_clear(void)
{
	used = 0;
	count = 0;
	lost = 0;
}
