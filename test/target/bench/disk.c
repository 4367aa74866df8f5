// SPDX-License-Identifier: MIT
/*
 * Capture to a disk, as `sdbctl capture` does it, with and without --direct in turns: out of cached buffers, whose pages
 * the disk takes with O_DIRECT, and out of write-combined ones, which the CPU copies. The firmware fills nothing: what an
 * emulated coprocessor needs for that would hide what is measured.
 */
#include <fcntl.h>
#include <unistd.h>

#include "session.h"

/* One that takes data as a disk's own DMA would: without the CPU. */
#define DISK "/dev/nullb0"

struct way {
	const char *name;
	uint32_t buffers;
	int disk;
};

static const struct way ways[] = {
	{ "copying", 0, 0 },
	{ "direct", RPMSG_SDB_CACHED | RPMSG_SDB_FROM_COPROCESSOR, O_DIRECT },
};

/* What comes goes to the disk, and the buffer goes back. */
static bool save_one(struct bench *bench, const struct session *session, int disk,
		     struct region *region)
{
	struct rpmsg_sdb_transfer record;
	const void *memory;

	if (read(session->fd, &record, sizeof(record)) != sizeof(record))
		return bench_fail(bench, "read of a record");
	memory = (const void *)(uintptr_t)session->memory[record.buffer];
	if (write(disk, memory, record.length) != (ssize_t)record.length)
		return bench_fail(bench, "write to the disk");
	region->calls += 3;
	region->events++;
	region->bytes += record.length;
	record = (struct rpmsg_sdb_transfer){ .buffer = record.buffer };
	return write(session->fd, &record, sizeof(record)) == sizeof(record) ||
	       bench_fail(bench, "write of a record");
}

static bool save_all(struct bench *bench, const struct session *session, int disk, const char *name)
{
	const struct bench_options *options = &bench->options;
	struct region region;

	bench_wait_for_coprocessor(true);
	region_begin(&region);
	if (!firmware_ask(&bench->firmware, "stream %u %u 0 flow fill=no", options->length,
			  options->count))
		return false;
	while (region.events < options->count)
		if (!save_one(bench, session, disk, &region))
			return false;
	region_end(&region, bench, name);
	bench_wait_for_coprocessor(false);
	return firmware_ask(&bench->firmware, "stop");
}

static bool capture(struct bench *bench, const struct way *way)
{
	static struct session session;
	int disk = open(DISK, O_WRONLY | O_CLOEXEC | way->disk);
	bool done;

	if (disk < 0)
		return bench_fail(bench, "open of " DISK);
	done = session_open(&session, bench, bench->options.length);
	session.flags = way->buffers;
	session.is_mapped = true;
	done = done && session_allocate(&session, bench, bench->options.buffers) &&
	       firmware_wait_registered(&bench->firmware, bench->options.buffers) &&
	       session_wait_handover(&session, bench) && session_hand_over_all(&session, bench) &&
	       save_all(bench, &session, disk, way->name);
	session_close(&session);
	close(disk);
	return done;
}

bool bench_disk(struct bench *bench)
{
	bool done = firmware_ask(&bench->firmware, "features %u", bench->options.features);

	for (uint32_t round = 0; done && round < bench->options.rounds; round++)
		for (size_t i = 0; done && i < sizeof(ways) / sizeof(ways[0]); i++)
			done = capture(bench, &ways[i]);
	return done;
}
