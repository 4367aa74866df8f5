/* SPDX-License-Identifier: MIT */
/*
 * What the command line asked for, and the commands that do it.
 */
#ifndef SDBCTL_COMMAND_H
#define SDBCTL_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

/* Exit codes. INCOMPLETE: it ran, but transfers were missed or buffers did not come back. */
enum outcome { OUTCOME_OK, OUTCOME_FAILED, OUTCOME_USAGE, OUTCOME_INCOMPLETE };

enum touch { TOUCH_NONE, TOUCH_PAGE, TOUCH_ALL };

struct options {
	const char *device;
	bool json;
	bool quiet;
	/* buffers to allocate, and the bytes of each */
	unsigned int buffers;
	uint64_t size;
	/* stop after so many transfers or bytes; 0: no limit */
	uint64_t count;
	uint64_t bytes;
	/* seconds: benchmark's length; 0: no limit */
	double seconds;
	/* seconds without news after which it ends; 0: never */
	double idle;
	enum touch touch;
	/* send: do not wait for the buffers to come back */
	bool no_wait;
	/* capture: the disk takes the pages, the CPU copies nothing */
	bool direct;
	/* FILE of capture and send, PORT of serve; NULL when it was left out */
	const char *file;
};

enum outcome list_command(const struct options *options);
enum outcome capture_command(const struct options *options);
enum outcome serve_command(const struct options *options);
enum outcome send_command(const struct options *options);
enum outcome watch_command(const struct options *options);
enum outcome benchmark_command(const struct options *options);

#endif
