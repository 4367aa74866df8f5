// SPDX-License-Identifier: MIT
/*
 * io_uring, by its three system calls: one submission at a time, completions as they come. A ring is known by its
 * descriptor, which poll() finds readable while a completion waits.
 */
#include "verb.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct ring {
	struct ring *next;
	int fd;
	/* both queues' counters and the completions, shared with the kernel */
	char *shared;
	struct io_uring_params params;
	struct io_uring_sqe *submissions;
};

static struct ring *rings;

static struct ring *find_ring(struct answer *answer, const struct argument *argument)
{
	struct ring *ring = rings;

	while (ring && ring->fd != argument->number)
		ring = ring->next;
	if (!ring)
		answer_error(answer, "descriptor %d is no ring", (int)argument->number);
	return ring;
}

static unsigned int *counter(struct ring *ring, unsigned int offset)
{
	return (unsigned int *)(ring->shared + offset);
}

static size_t shared_size(const struct io_uring_params *params)
{
	size_t submissions = params->sq_off.array + params->sq_entries * sizeof(unsigned int);
	size_t completions = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);

	return submissions > completions ? submissions : completions;
}

/* Both queues in one mapping: every kernel since 5.4 does it. */
static bool map_ring(struct ring *ring)
{
	const int protection = PROT_READ | PROT_WRITE;

	ring->shared = mmap(NULL, shared_size(&ring->params), protection, MAP_SHARED | MAP_POPULATE,
			    ring->fd, IORING_OFF_SQ_RING);
	ring->submissions = mmap(NULL, ring->params.sq_entries * sizeof(struct io_uring_sqe),
				 protection, MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	return ring->shared != MAP_FAILED && ring->submissions != MAP_FAILED;
}

static void make_ring(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	(void)count;
	ring->fd =
		(int)syscall(SYS_io_uring_setup, (unsigned int)arguments[0].number, &ring->params);
	if (ring->fd < 0 || !map_ring(ring)) {
		answer_errno(answer, errno);
		if (ring->fd >= 0)
			close(ring->fd);
		free(ring);
		return;
	}
	ring->next = rings;
	rings = ring;
	answer_number(answer, "fd", ring->fd);
}

/*
 * When the call that hands one over returns, the kernel has taken all earlier ones. So the next
 * place is free.
 */
static void submit(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct ring *ring = find_ring(answer, &arguments[0]);
	struct io_uring_sqe *entry;
	unsigned int tail, place;

	if (!ring)
		return;
	tail = *counter(ring, ring->params.sq_off.tail);
	place = tail & *counter(ring, ring->params.sq_off.ring_mask);
	entry = &ring->submissions[place];
	memset(entry, 0, sizeof(*entry));
	entry->user_data = (uint64_t)arguments[1].number;
	entry->opcode = (uint8_t)arguments[2].number;
	entry->fd = (int)arguments[3].number;
	entry->addr = (uint64_t)arguments[4].number;
	entry->len = (uint32_t)arguments[5].number;
	entry->off = count > 6 ? (uint64_t)arguments[6].number : 0;
	entry->poll32_events = count > 7 ? (uint32_t)arguments[7].number : 0;
	entry->buf_index = count > 8 ? (uint16_t)arguments[8].number : 0;
	counter(ring, ring->params.sq_off.array)[place] = place;
	__atomic_store_n(counter(ring, ring->params.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0) < 0)
		answer_errno(answer, errno);
}

static void take_completion(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct ring *ring = find_ring(answer, &arguments[0]);
	const struct io_uring_cqe *entry;
	unsigned int head;

	(void)count;
	if (!ring)
		return;
	head = *counter(ring, ring->params.cq_off.head);
	if (head == __atomic_load_n(counter(ring, ring->params.cq_off.tail), __ATOMIC_ACQUIRE)) {
		answer_errno(answer, EAGAIN);
		return;
	}
	entry = (struct io_uring_cqe *)(ring->shared + ring->params.cq_off.cqes);
	entry += head & *counter(ring, ring->params.cq_off.ring_mask);
	answer_number(answer, "request", (int64_t)entry->user_data);
	answer_number(answer, "result", entry->res);
	__atomic_store_n(counter(ring, ring->params.cq_off.head), head + 1, __ATOMIC_RELEASE);
}

/* One buffer, number 0 in fixed reads and writes. */
static void register_buffer(struct answer *answer, const struct argument *arguments, size_t count)
{
	struct iovec buffer = { (void *)(uintptr_t)arguments[1].number,
				(size_t)arguments[2].number };

	(void)count;
	if (syscall(SYS_io_uring_register, (int)arguments[0].number, IORING_REGISTER_BUFFERS,
		    &buffer, 1) < 0)
		answer_errno(answer, errno);
}

const struct verb ring_verbs[] = {
	{ "ring", "n", "ENTRIES", make_ring },
	{ "ring-submit", "nnnnnn?n*",
	  "RING REQUEST OPCODE FD ADDRESS LENGTH [OFFSET [FLAGS [BUFFER]]]", submit },
	{ "ring-take", "n", "RING", take_completion },
	{ "ring-register", "nnn", "RING ADDRESS LENGTH", register_buffer },
	{ 0 },
};
