/* SPDX-License-Identifier: MIT */
/*
 * The driver's tracepoints, through a trace instance of our own, so that nobody else's tracing is disturbed.
 */
#ifndef SDBCTL_TRACING_H
#define SDBCTL_TRACING_H

#include <stdbool.h>

struct tracing {
	char directory[128];
	/* trace_pipe, not blocking */
	int pipe;
};

/* Says on standard error why it cannot. */
bool tracing_begin(struct tracing *tracing);
void tracing_end(struct tracing *tracing);

#endif
