// SPDX-License-Identifier: MIT
/*
 * The driver's protocol code behind a line each:
 *   payload HEX      trims and parses a whole payload: "A index address length" and "T index length", ';' between,
 *                    then "rest N", the bytes that are not taken
 *   announce I A L   HEX of the record
 *   transfer I L     HEX of the record
 */
#include "hex-lines.h"
#include "message.h"

static void parse_payload(const char *hex)
{
	size_t size, at = 0, taken;
	char *payload = bytes_of(hex, &size);
	struct sdb_record record;
	size_t end = sdb_message_trim(payload, size);

	while (at < end && (taken = sdb_message_parse(payload + at, end - at, &record))) {
		if (record.announces)
			printf("A %u %u %u;", record.index, record.address, record.length);
		else
			printf("T %u %u;", record.index, record.length);
		at += taken;
	}
	printf("rest %zu\n", end - at);
	free(payload);
}

int main(void)
{
	char line[4096], text[SDB_MESSAGE_ANNOUNCE_MAX];
	u32 index, address, length;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "payload ", 8)) {
			parse_payload(line + 8);
		} else if (sscanf(line, "announce %u %u %u", &index, &address, &length) == 3) {
			print_hex(text, sdb_message_announce(text, index, address, length));
			puts("");
		} else if (sscanf(line, "transfer %u %u", &index, &length) == 2) {
			/* a block of the promised size, for the sanitizer */
			char *block = malloc(SDB_MESSAGE_TRANSFER_MAX);

			print_hex(block, sdb_message_transfer(block, index, length));
			puts("");
			free(block);
		} else {
			puts("?");
		}
	}
	return 0;
}
