// SPDX-License-Identifier: MIT
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEVICE		    "/dev/rpmsg_sdb"
#define FEATURES_TIMEOUT_US 5000000

bool session_open(struct session *session, struct bench *bench, uint32_t length)
{
	session->count = 0;
	session->length = length;
	session->flags = 0;
	session->is_mapped = bench->options.fill;
	session->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	return session->fd >= 0 || bench_fail(bench, "open");
}

static bool map(struct session *session, struct bench *bench, int flags, uint64_t offset)
{
	void *memory = mmap(NULL, session->length, PROT_READ | PROT_WRITE, flags, session->fd,
			    (off_t)offset);

	if (memory == MAP_FAILED)
		return bench_fail(bench, "mmap");
	session->memory[session->count] = memory;
	return true;
}

bool session_allocate(struct session *session, struct bench *bench, unsigned int count)
{
	while (session->count < count) {
		struct rpmsg_sdb_allocation wish = { .size = session->length,
						     .flags = session->flags };

		if (ioctl(session->fd, RPMSG_SDB_IOCTL_ALLOCATE, &wish) < 0)
			return bench_fail(bench, "ALLOCATE");
		session->memory[session->count] = NULL;
		if (session->is_mapped && !map(session, bench, MAP_SHARED, wish.offset))
			return false;
		session->eventfd[session->count++] = -1;
	}
	return true;
}

bool session_hand_over_all(const struct session *session, struct bench *bench)
{
	for (unsigned int i = 0; i < session->count; i++) {
		struct rpmsg_sdb_transfer record = { .buffer = i };

		if (write(session->fd, &record, sizeof(record)) != sizeof(record))
			return bench_fail(bench, "write of a record");
	}
	return true;
}

bool session_map(struct session *session, struct bench *bench)
{
	struct rpmsg_sdb_ioctl_set_efd set = { .bufferId = (int)session->count };

	set.eventfd = eventfd(0, EFD_CLOEXEC);
	if (set.eventfd < 0)
		return bench_fail(bench, "eventfd");
	session->eventfd[session->count] = set.eventfd;
	if (ioctl(session->fd, RPMSG_SDB_IOCTL_SET_EFD, &set) < 0)
		return bench_fail(bench, "SET_EFD");
	if (!map(session, bench, MAP_PRIVATE, 0))
		return false;
	session->count++;
	return true;
}

static void unmap_last(struct session *session)
{
	session->count--;
	if (session->memory[session->count])
		munmap((void *)(uintptr_t)session->memory[session->count], session->length);
	if (session->eventfd[session->count] >= 0)
		close(session->eventfd[session->count]);
}

bool session_free(struct session *session, struct bench *bench, unsigned int count)
{
	while (session->count > count) {
		struct rpmsg_sdb_free last = { .buffer = session->count - 1 };

		unmap_last(session);
		if (ioctl(session->fd, RPMSG_SDB_IOCTL_FREE, &last) < 0)
			return bench_fail(bench, "FREE");
	}
	return true;
}

bool session_wait_handover(struct session *session, struct bench *bench)
{
	struct rpmsg_sdb_query query = { 0 };

	for (int64_t until = monotonic_us() + FEATURES_TIMEOUT_US; monotonic_us() < until;
	     usleep(1000)) {
		if (ioctl(session->fd, RPMSG_SDB_IOCTL_QUERY, &query) < 0)
			return bench_fail(bench, "QUERY");
		if (query.peer == bench->options.features)
			return true;
	}
	answer_error(bench->answer, "the coprocessor said features %u, not %u", query.peer,
		     bench->options.features);
	return false;
}

void session_close(struct session *session)
{
	while (session->count)
		unmap_last(session);
	if (session->fd >= 0)
		close(session->fd);
	session->fd = -1;
}
