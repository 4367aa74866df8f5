/* SPDX-License-Identifier: MIT */
/*
 * A file or a pipe that the contents of buffers go to.
 */
#ifndef SDBCTL_OUTPUT_H
#define SDBCTL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output {
	int fd;
	/* the file takes pages as they are (O_DIRECT), where data and place are whole blocks */
	bool direct;
	uint64_t position;
	/* bytes that the CPU copied on their way */
	uint64_t copied;
};

/* Opens a file; NULL or "-" is standard output. */
bool output_open(struct output *output, const char *file, bool direct);
bool output_is_stdout(const struct output *output);
bool output_write(struct output *output, const void *data, size_t length);
/* Returns whether the file took all that was written. */
bool output_close(struct output *output, const char *file);

#endif
