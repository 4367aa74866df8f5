// SPDX-License-Identifier: MIT
/*
 * Channels, what went through them, the memory they hold, and who has them open. All of it is read
 * from sysfs and /proc. The device is not opened: somebody may want it with O_EXCL.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rpmsg_sdb.h>

#include "command.h"
#include "complaint.h"
#include "json.h"
#include "quantity.h"
#include "sysfs.h"

#define HOLDERS_MAX 32

struct number {
	const char *key;
	const char *file;
	uint64_t value;
};

enum {
	TRANSFERS,
	MISSED,
	MALFORMED,
	UNEXPECTED,
	UNKNOWN_BUFFER,
	TOO_LONG,
	PEER,
	MEMORY_BUFFERS,
	MEMORY_BYTES,
	RETIRED_BUFFERS,
	RETIRED_BYTES,
	NUMBERS
};

static const struct number numbers[NUMBERS] = {
	[TRANSFERS] = { .key = "transfers" },
	[MISSED] = { .key = "missed" },
	[MALFORMED] = { .key = "dropped_malformed" },
	[UNEXPECTED] = { .key = "dropped_unexpected" },
	[UNKNOWN_BUFFER] = { .key = "dropped_unknown_buffer" },
	[TOO_LONG] = { .key = "dropped_too_long" },
	[PEER] = { .key = "peer" },
	[MEMORY_BUFFERS] = { .key = "buffers", .file = "memory/buffers" },
	[MEMORY_BYTES] = { .key = "bytes", .file = "memory/bytes" },
	[RETIRED_BUFFERS] = { .key = "retired_buffers", .file = "memory/retired_buffers" },
	[RETIRED_BYTES] = { .key = "retired_bytes", .file = "memory/retired_bytes" },
};

static const char *const features[] = { "hand-over", "withdrawal", "several records in a message" };

struct channel {
	char name[256];
	char device[264];
	struct number numbers[NUMBERS];
	struct holder holders[HOLDERS_MAX];
	size_t holder_count;
};

static void read_channel(struct channel *channel, const char *name)
{
	char directory[sizeof(SYSFS_CLASS) + sizeof(channel->name) + 1];

	*channel = (struct channel){ 0 };
	snprintf(channel->name, sizeof(channel->name), "%s", name);
	snprintf(channel->device, sizeof(channel->device), "/dev/%s", channel->name);
	snprintf(directory, sizeof(directory), SYSFS_CLASS "/%s", channel->name);
	memcpy(channel->numbers, numbers, sizeof(numbers));
	for (size_t i = 0; i < NUMBERS; i++) {
		struct number *number = &channel->numbers[i];

		/* One that this driver does not have reads as 0. */
		sysfs_number(directory, number->file ? number->file : number->key, &number->value);
	}
	channel->holder_count = find_holders(channel->device, channel->holders, HOLDERS_MAX);
}

static void print_json(const struct channel *channel, struct json *json)
{
	json_open(json, NULL, '{');
	json_text(json, "name", channel->name);
	json_text(json, "device", channel->device);
	for (size_t i = 0; i < NUMBERS; i++)
		json_number(json, channel->numbers[i].key, channel->numbers[i].value);
	json_open(json, "holders", '[');
	for (size_t i = 0; i < channel->holder_count && i < HOLDERS_MAX; i++) {
		json_open(json, NULL, '{');
		json_number(json, "pid", (uint64_t)channel->holders[i].pid);
		json_text(json, "name", channel->holders[i].name);
		json_number(json, "files", channel->holders[i].files);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void print_peer(uint64_t peer)
{
	const char *before = "";

	printf("  peer       ");
	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++) {
		if (!(peer & 1ull << i))
			continue;
		printf("%s%s", before, features[i]);
		before = ", ";
	}
	puts(peer ? "" : "fills and announces, no more");
}

static void print_text(const struct channel *channel)
{
	const struct number *n = channel->numbers;
	char bytes[32], retired[32];

	printf("%s\n", channel->device);
	print_peer(n[PEER].value);
	printf("  transfers  %" PRIu64 ", %" PRIu64 " missed\n", n[TRANSFERS].value,
	       n[MISSED].value);
	printf("  dropped    %" PRIu64 " malformed, %" PRIu64 " unexpected, %" PRIu64
	       " of unknown buffers, %" PRIu64 " too long\n",
	       n[MALFORMED].value, n[UNEXPECTED].value, n[UNKNOWN_BUFFER].value, n[TOO_LONG].value);
	printf("  memory     %" PRIu64 " buffers, %s; of them retired %" PRIu64 ", %s\n",
	       n[MEMORY_BUFFERS].value,
	       bytes_text(bytes, sizeof(bytes), (double)n[MEMORY_BYTES].value),
	       n[RETIRED_BUFFERS].value,
	       bytes_text(retired, sizeof(retired), (double)n[RETIRED_BYTES].value));
	printf("  open in    ");
	for (size_t i = 0; i < channel->holder_count && i < HOLDERS_MAX; i++)
		printf("%s%s (%d)", i ? ", " : "", channel->holders[i].name,
		       channel->holders[i].pid);
	puts(channel->holder_count ? "" : "no process");
}

enum outcome list_command(const struct options *options)
{
	struct json json = { .out = stdout };
	DIR *class = opendir(SYSFS_CLASS);
	struct dirent *entry;
	size_t found = 0;

	if (!class) {
		complain("the module rpmsg_sdb is not loaded");
		return OUTCOME_FAILED;
	}
	if (options->json) {
		json_open(&json, NULL, '{');
		json_open(&json, "channels", '[');
	}
	while ((entry = readdir(class))) {
		struct channel channel;

		if (*entry->d_name == '.')
			continue;
		found++;
		read_channel(&channel, entry->d_name);
		if (options->json)
			print_json(&channel, &json);
		else
			print_text(&channel);
	}
	closedir(class);
	if (options->json) {
		json_close(&json, ']');
		json_close(&json, '}');
		json_end(&json);
	} else if (!found) {
		puts("no channel: the coprocessor's firmware does not run, or has no rpmsg-sdb-channel");
	}
	return OUTCOME_OK;
}
