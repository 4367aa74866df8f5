// SPDX-License-Identifier: MIT
/*
 * What mmap() of a buffer costs. Each round has one buffer more than the round before it, and closes its file at the
 * end. So all its buffers but the last are made of retired memory. That holds if the coprocessor confirms no
 * withdrawals, and if no memory of this size was retired before.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "session.h"

static bool map_one(struct session *session, struct bench *bench, bool retired)
{
	struct region region;
	void *memory;

	region_begin(&region);
	memory = mmap(NULL, session->length, PROT_READ | PROT_WRITE, MAP_SHARED, session->fd, 0);
	region.events = region.calls = 1;
	region.bytes = session->length;
	if (memory == MAP_FAILED)
		return bench_fail(bench, "mmap");
	region_end(&region, bench, retired ? "retired" : "new");
	session->memory[session->count] = memory;
	session->eventfd[session->count++] = -1;
	/* messages keep their order: after the answer, this buffer's announcement is done */
	return firmware_ask(&bench->firmware, "version");
}

bool bench_mapping(struct bench *bench)
{
	static struct session session;
	bool done = true;

	for (uint32_t round = 0; done && round < bench->options.rounds; round++) {
		if (!session_open(&session, bench, bench->options.length))
			return false;
		for (uint32_t index = 0; done && index <= round; index++)
			done = map_one(&session, bench, index < round);
		session_close(&session);
	}
	return done;
}
