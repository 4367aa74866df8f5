// SPDX-License-Identifier: MIT
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complaint.h"

static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

static bool set(const struct tracing *tracing, const char *file, const char *value)
{
	char path[192];
	ssize_t written;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", tracing->directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = write(fd, value, strlen(value));
	close(fd);
	return written >= 0;
}

static bool make_instance(struct tracing *tracing)
{
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		snprintf(tracing->directory, sizeof(tracing->directory), "%s/instances/sdbctl-%d",
			 roots[i], (int)getpid());
		if (!mkdir(tracing->directory, 0700))
			return true;
	}
	complain("tracefs: %s (it takes root, and a kernel with tracing that has it mounted)",
		 strerror(errno));
	return false;
}

bool tracing_begin(struct tracing *tracing)
{
	char path[192];

	if (!make_instance(tracing))
		return false;
	/* The clock of the records' timestamps, where there is a choice. */
	set(tracing, "trace_clock", "mono");
	if (!set(tracing, "events/rpmsg_sdb/enable", "1")) {
		complain("the module rpmsg_sdb is not loaded");
		goto remove;
	}
	snprintf(path, sizeof(path), "%s/trace_pipe", tracing->directory);
	tracing->pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (tracing->pipe >= 0)
		return true;
	complain("%s: %s", path, strerror(errno));
	set(tracing, "events/rpmsg_sdb/enable", "0");
remove:
	rmdir(tracing->directory);
	return false;
}

void tracing_end(struct tracing *tracing)
{
	close(tracing->pipe);
	set(tracing, "events/rpmsg_sdb/enable", "0");
	rmdir(tracing->directory);
}
