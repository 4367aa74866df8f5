// SPDX-License-Identifier: MIT
/* An application that closes and opens the device anew as fast as it can. */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUFFERS_MAX 16

static bool map_all(void **buffers, int64_t count, size_t length, int fd)
{
	for (int64_t i = 0; i < count; i++) {
		buffers[i] = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (buffers[i] == MAP_FAILED)
			return false;
	}
	return true;
}

static void reopen(struct answer *answer, const struct argument *arguments, size_t words)
{
	int64_t cycles = arguments[1].number, count = arguments[2].number, cycle;
	size_t length = (size_t)arguments[3].number;
	void *buffers[BUFFERS_MAX] = { 0 };

	(void)words;
	if (count < 0 || count > BUFFERS_MAX) {
		answer_error(answer, "at most %d buffers", BUFFERS_MAX);
		return;
	}
	for (cycle = 0; cycle < cycles; cycle++) {
		int fd = open(arguments[0].text, O_RDWR | O_CLOEXEC);

		if (fd < 0 || !map_all(buffers, count, length, fd)) {
			answer_errno(answer, errno);
			break;
		}
		for (int64_t i = 0; i < count; i++)
			munmap(buffers[i], length);
		close(fd);
	}
	answer_number(answer, "cycles", cycle);
}

const struct verb reopen_verbs[] = {
	{ "reopen", "snnn", "DEVICE CYCLES BUFFERS LENGTH", reopen },
	{ 0 },
};
