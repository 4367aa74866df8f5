/* SPDX-License-Identifier: MIT */
/*
 * How far a capture, send or serve has come: a line on standard error that is rewritten, and the
 * summary at the end.
 */
#ifndef SDBCTL_PROGRESS_H
#define SDBCTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"

struct progress {
	bool shown;
	uint64_t begun_ns;
	uint64_t next_ns;
	/* columns of the longest line so far, 0: none is there */
	int width;
	uint64_t transfers;
	uint64_t missed;
	uint64_t bytes;
	/* of them, those that the CPU copied on their way */
	uint64_t copied;
	/* the coprocessor takes buffers back, so that it cannot overtake its reader */
	bool handover;
};

void progress_begin(struct progress *progress, const struct options *options);
/*
 * To be called before the command waits for the coprocessor. From now on there is a line, even if
 * nothing ever comes.
 */
void progress_wait(struct progress *progress);
/* After each change; draws a few times a second. */
void progress_update(struct progress *progress);
/*
 * to_stdout: the summary may go there, because no data does. An interruption before the end is no
 * failure.
 */
void progress_end(struct progress *progress, const struct options *options, const char *command,
		  bool to_stdout);

#endif
