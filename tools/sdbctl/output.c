// SPDX-License-Identifier: MIT
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "complaint.h"

/* Large enough for any disk, and a divisor of a page. */
#define BLOCK 4096u

bool output_open(struct output *output, const char *file, bool direct)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;

	*output = (struct output){ .fd = STDOUT_FILENO, .direct = direct };
	if (!file || !strcmp(file, "-")) {
		if (direct)
			complain("--direct is for a FILE on a disk");
		return !direct;
	}
	output->fd = open(file, flags | (direct ? O_DIRECT : 0), 0666);
	if (output->fd < 0)
		complain("%s: %s", file,
			 direct && errno == EINVAL ? "this file system has no O_DIRECT" :
						     strerror(errno));
	return output->fd >= 0;
}

bool output_is_stdout(const struct output *output)
{
	return output->fd == STDOUT_FILENO;
}

static bool write_all(struct output *output, const void *data, size_t length)
{
	while (length) {
		ssize_t written = write(output->fd, data, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			complain("writing: %s", strerror(errno));
			return false;
		}
		data = (const char *)data + written;
		length -= (size_t)written;
		output->position += (size_t)written;
	}
	return true;
}

/* Data that is no whole block, or begins inside one, is written as usual. The CPU copies it. */
static bool set_direct(const struct output *output, bool direct)
{
	int flags = fcntl(output->fd, F_GETFL);

	if (flags >= 0)
		flags = fcntl(output->fd, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT);
	if (flags < 0)
		complain("O_DIRECT: %s", strerror(errno));
	return flags >= 0;
}

bool output_write(struct output *output, const void *data, size_t length)
{
	size_t whole = output->position % BLOCK ? 0 : length - length % BLOCK;
	size_t rest = output->direct ? length - whole : length;

	if (output->direct && whole) {
		if (!write_all(output, data, whole))
			return false;
		data = (const char *)data + whole;
	}
	if (!rest)
		return true;
	if (output->direct && !set_direct(output, false))
		return false;
	if (!write_all(output, data, rest))
		return false;
	output->copied += rest;
	return !output->direct || set_direct(output, true);
}

bool output_close(struct output *output, const char *file)
{
	if (output_is_stdout(output) || close(output->fd) == 0)
		return true;
	complain("%s: %s", file, strerror(errno));
	return false;
}
