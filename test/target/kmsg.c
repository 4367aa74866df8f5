// SPDX-License-Identifier: MIT
/* The kernel log through /dev/kmsg: never waits, never misses a record that the ring still holds. */
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verb.h"

struct record {
	int level;
	uint64_t sequence;
	int64_t us;
	char *text;
};

/* "level+facility,sequence,us,flags;text\n KEY=value…" */
static bool parse_record(char *bytes, struct record *record)
{
	unsigned int priority;
	char *text = strchr(bytes, ';');

	if (!text || sscanf(bytes, "%u,%" SCNu64 ",%" SCNd64, &priority, &record->sequence,
			    &record->us) != 3)
		return false;
	record->level = (int)(priority & 7);
	record->text = text + 1;
	record->text[strcspn(record->text, "\n")] = '\0';
	return true;
}

/*
 * Where the last question ended. A log can only be read onwards or from its beginning, one record a system call. Who
 * asks for what is new does not read again what is old.
 */
static struct {
	int fd;
	/* whose: a child's would move its parent's */
	pid_t process;
	/* number of the first record that has not been read */
	uint64_t next;
} place;

/* The log, open at a record that is not behind this one, or -1. */
static int open_log(uint64_t from)
{
	bool open_here = place.process == getpid();

	if (open_here && from >= place.next)
		return place.fd;
	if (open_here)
		close(place.fd);
	place.next = 0;
	place.fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	place.process = place.fd < 0 ? 0 : getpid();
	return place.fd;
}

/*
 * Calls back for each record from the sequence number on. Returns the number that the next record
 * will have, or -1. Without a function to call, all records are passed over.
 */
static int64_t read_log(uint64_t from, void (*take)(void *context, const struct record *record),
			void *context)
{
	char bytes[8192 + 1];
	int fd = open_log(take ? from : place.next);

	if (fd < 0)
		return -1;
	for (;;) {
		ssize_t length = read(fd, bytes, sizeof(bytes) - 1);
		struct record record;

		/* EPIPE: records were overwritten under us; the next read goes on behind the gap */
		if (length < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (length <= 0)
			break;
		bytes[length] = '\0';
		if (!parse_record(bytes, &record))
			continue;
		if (record.sequence >= from && take)
			take(context, &record);
		place.next = record.sequence + 1;
	}
	return (int64_t)(take && from > place.next ? from : place.next);
}

static void answer_record(void *context, const struct record *record)
{
	struct answer *answer = context;

	answer_number(answer, "seq", (int64_t)record->sequence);
	answer_number(answer, "level", record->level);
	answer_number(answer, "us", record->us);
	answer_text(answer, "text", record->text);
	answer_part(answer, "record");
}

static void log_from(struct answer *answer, const struct argument *arguments, size_t count)
{
	/* without a number: only where the log ends now */
	int64_t next = read_log(count ? (uint64_t)arguments[0].number : 0,
				count ? answer_record : NULL, answer);

	if (next < 0)
		answer_errno(answer, errno);
	else
		answer_number(answer, "next", next);
}

/* What tests write, so that a record can be told to belong to one. */
static void log_note(struct answer *answer, const struct argument *arguments, size_t count)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	size_t length = strlen(arguments[0].text);

	(void)count;
	if (fd < 0 || write(fd, arguments[0].text, length) != (ssize_t)length)
		answer_errno(answer, errno);
	if (fd >= 0)
		close(fd);
}

const struct verb kmsg_verbs[] = {
	{ "kmsg", "?n", "[SEQUENCE]", log_from },
	{ "kmsg-note", "t", "TEXT", log_note },
	{ 0 },
};

static void print_record(void *context, const struct record *record)
{
	(void)context;
	printf("{\"seq\":%" PRIu64 ",\"level\":%d,\"us\":%" PRId64 ",\"text\":\"", record->sequence,
	       record->level, record->us);
	for (const char *c = record->text; *c; c++) {
		if (*c == '"' || *c == '\\')
			putchar('\\');
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
			printf("\\u%04x", (unsigned char)*c);
		else
			putchar(*c);
	}
	printf("\"}\n");
}

int kmsg_main(int argc, char **argv)
{
	int64_t from = 0;

	if (argc > 1 || (argc == 1 && (!parse_number(argv[0], &from) || from < 0))) {
		fprintf(stderr, "usage: agent kmsg [SEQUENCE]\n");
		return 2;
	}
	if (read_log((uint64_t)from, print_record, NULL) < 0) {
		fprintf(stderr, "agent: /dev/kmsg: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
